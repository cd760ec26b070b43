/** The environment inside a sandbox: exact, nothing inherited. */

/** Everything of Gluon's own processes carries these, so that leftovers are found by them and never by name. */
export const MARKERS = { home: 'GLUON_HOME_ID', run: 'GLUON_RUN_ID', confinement: 'GLUON_CONFINEMENT' } as const;

export interface MarkerValues {
  homeId: string;
  runId: string;
  confinementId: string;
}

export function markerEnvironment(values: MarkerValues): Record<string, string> {
  return { [MARKERS.home]: values.homeId, [MARKERS.run]: values.runId, [MARKERS.confinement]: values.confinementId };
}

export interface InsideOptions {
  markers: MarkerValues;
  home: string;
  /** Port on which the egress proxy answers inside, or null. */
  proxyPort: number | null;
  extra: Readonly<Record<string, string>>;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * `extra` may replace PATH, LANG and SHELL, and adds the rest; home, temporary folder, proxy, user and markers are the sandbox's own.
 */
export function insideEnvironment(options: InsideOptions): Record<string, string> {
  return {
    PATH,
    LANG: 'C.UTF-8',
    SHELL: '/bin/sh',
    ...withGitRules(options.extra),
    HOME: options.home,
    TMPDIR: '/tmp',
    USER: 'agent',
    LOGNAME: 'agent',
    ...(options.proxyPort === null ? {} : proxyEnvironment(options.proxyPort)),
    ...markerEnvironment(options.markers),
  };
}

/** No housekeeping of its own (it would race with our imports), no hooks, and no refusal of folders that another uid owns. */
const GIT_RULES = [
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['safe.directory', '*'],
] as const;

/** Adds our git settings after those that the caller passes in the same way. */
export function withGitRules(extra: Readonly<Record<string, string>>): Record<string, string> {
  const given = Number.parseInt(extra.GIT_CONFIG_COUNT ?? '0', 10);
  const first = Number.isSafeInteger(given) && given > 0 ? given : 0;
  const result: Record<string, string> = { ...extra, GIT_CONFIG_COUNT: String(first + GIT_RULES.length) };
  GIT_RULES.forEach(([key, value], index) => {
    result[`GIT_CONFIG_KEY_${first + index}`] = key;
    result[`GIT_CONFIG_VALUE_${first + index}`] = value;
  });
  return result;
}

function proxyEnvironment(port: number): Record<string, string> {
  const url = `http://127.0.0.1:${port}`;
  const local = 'localhost,127.0.0.1,::1';
  const java = `-Dhttp.proxyHost=127.0.0.1 -Dhttp.proxyPort=${port} -Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=${port}`;
  return {
    HTTP_PROXY: url,
    HTTPS_PROXY: url,
    ALL_PROXY: url,
    http_proxy: url,
    https_proxy: url,
    all_proxy: url,
    NO_PROXY: local,
    no_proxy: local,
    // fetch of Node looks at the proxy variables only when told to.
    NODE_USE_ENV_PROXY: '1',
    MAVEN_OPTS: java,
    GRADLE_OPTS: java,
  };
}
