/** Which host paths a sandbox must never be given: a mount is a hole that no later rule closes. */

export interface PathRules {
  /** Home folder of the person that Gluon runs as. */
  userHome: string;
  /** Database, credentials, token, configuration: neither they nor a folder that holds them may become visible. */
  protectedPaths: readonly string[];
  /** Folders of which any part can be shown, but never all of it. */
  neverWhole?: readonly string[];
  /** Folders with one folder for each run, named by its id: of what lies in them a run is shown its own alone. */
  perRun?: readonly string[];
  /** The run that the sandbox is for. Without one nothing below `perRun` can be shown. */
  runId?: string;
}

/** Parents of everything else: mounting one would show far more than the work of one run. */
const NEVER_WHOLE = ['/', '/home', '/root', '/tmp', '/var', '/var/tmp', '/run', '/opt', '/mnt', '/srv', '/media'];

/** Places that the sandbox fills itself, or that belong to the system. */
const NEVER_INSIDE = [
  '/proc',
  '/sys',
  '/dev',
  '/boot',
  '/etc',
  '/usr',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/run/gluon',
  '/opt/gluon',
  '/home/agent/.session',
];

/** `inner` is `outer` or lies beneath it. Both absolute and without `.` or `..`. */
export function isWithin(inner: string, outer: string): boolean {
  return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
}

/** Why the path cannot be a source of a mount at its own place; null when it can. */
export function pathHazard(path: string, rules: PathRules): string | null {
  const malformed = malformedPath(path);
  if (malformed !== null) return malformed;
  if (NEVER_WHOLE.includes(path)) return `${path} holds far more than one run's work`;
  const system = NEVER_INSIDE.find((root) => isWithin(path, root) || isWithin(root, path));
  if (system !== undefined) return `${path} lies in or around ${system}, which the sandbox fills itself`;
  if (isWithin(rules.userHome, path)) return `${path} holds the home folder ${rules.userHome}`;
  return protectedHazard(path, rules);
}

/** Why the path cannot be shown read-only at another place (a program, a trusted folder); null when it can. */
export function sourceHazard(path: string, rules: PathRules): string | null {
  const malformed = malformedPath(path);
  if (malformed !== null) return malformed;
  if (NEVER_WHOLE.includes(path)) return `${path} holds far more than one run's work`;
  if (['/proc', '/sys', '/dev', '/etc'].some((root) => isWithin(path, root))) return `${path} belongs to the system`;
  if (isWithin(rules.userHome, path)) return `${path} holds the home folder ${rules.userHome}`;
  return protectedHazard(path, rules);
}

/** Why nothing can be mounted at that place inside; null when it can. */
export function targetHazard(path: string): string | null {
  const malformed = malformedPath(path);
  if (malformed !== null) return malformed;
  const taken = ['/proc', '/sys', '/dev', '/etc', '/usr', '/bin', '/sbin', '/lib', '/lib64'].find((root) => isWithin(path, root));
  if (taken !== undefined || NEVER_WHOLE.includes(path)) return `nothing can be mounted at ${path}`;
  return null;
}

function malformedPath(path: string): string | null {
  if (!path.startsWith('/')) return `"${path}" is not an absolute path`;
  if (path.includes('\0')) return 'a path holds a NUL byte';
  if (path !== '/' && (path.endsWith('/') || path.includes('//') || /\/\.{1,2}(\/|$)/.test(path))) return `"${path}" is not a plain path`;
  return null;
}

function protectedHazard(path: string, rules: PathRules): string | null {
  const held = rules.protectedPaths.find((secret) => isWithin(secret, path) || isWithin(path, secret));
  if (held !== undefined) return `${path} would show ${held}`;
  const whole = (rules.neverWhole ?? []).find((root) => isWithin(root, path));
  if (whole !== undefined) return `${path} would show all of ${whole}`;
  const foreign = (rules.perRun ?? []).find((root) => (isWithin(root, path) || isWithin(path, root)) && !isOwn(path, root, rules.runId));
  return foreign === undefined ? null : `${path} would show more of ${foreign} than what is the run's own`;
}

function isOwn(path: string, root: string, runId: string | undefined): boolean {
  // An id that is no plain name could lead elsewhere: nothing is its own.
  return runId !== undefined && /^[\w-]+$/.test(runId) && isWithin(path, `${root}/${runId}`);
}
