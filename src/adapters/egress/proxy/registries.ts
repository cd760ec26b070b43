/** The registries that the person's own package tools use, asked of their configuration and of the tools themselves. */
import { readFile } from 'node:fs/promises';
import { cargoHosts, goHosts, hostsOf, mavenHosts, npmrcHosts, pipHosts } from '../../../core/net/registry-config.ts';
import type { Clock } from '../../../ports/system.ts';
import { runTool } from '../../process/run-tool.ts';
import { hostAskedBy, hostsNamedBy } from './registry-answers.ts';

export interface RegistryOptions {
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
}

/** Tools take a second to answer, and their configuration changes rarely. */
const CACHE_MS = 5 * 60_000;
const TOOL_TIMEOUT_MS = 10_000;

export function hostRegistries(options: RegistryOptions): () => Promise<string[]> {
  let cached: { atMs: number; names: Promise<string[]> } | null = null;
  return () => {
    const nowMs = options.clock.monotonicMs();
    if (cached === null || nowMs - cached.atMs > CACHE_MS) cached = { atMs: nowMs, names: readRegistries(options.environment) };
    return cached.names;
  };
}

async function readRegistries(environment: RegistryOptions['environment']): Promise<string[]> {
  const all = await Promise.all([
    npm(environment),
    pip(environment),
    cargo(environment),
    go(environment),
    maven(environment),
    gem(environment),
  ]);
  return [...new Set(all.flat())].sort();
}

type Environment = RegistryOptions['environment'];

async function npm(environment: Environment): Promise<string[]> {
  const home = environment.HOME ?? '/nonexistent';
  const files = await texts([
    environment.npm_config_userconfig ?? `${home}/.npmrc`,
    '/etc/npmrc',
    `${home}/.yarnrc`,
    `${home}/.yarnrc.yml`,
  ]);
  const said = await ask(environment, 'npm', ['config', 'get', 'registry']);
  return [...npmrcHosts(files), ...hostsOf(said), ...hostsOf(environment.npm_config_registry ?? '')];
}

async function pip(environment: Environment): Promise<string[]> {
  const home = environment.HOME ?? '/nonexistent';
  const files = await texts([
    environment.PIP_CONFIG_FILE ?? '/nonexistent',
    `${home}/.config/pip/pip.conf`,
    `${home}/.pip/pip.conf`,
    '/etc/pip.conf',
  ]);
  const variables = [environment.PIP_INDEX_URL, environment.PIP_EXTRA_INDEX_URL, environment.UV_INDEX_URL, environment.UV_DEFAULT_INDEX];
  const configured = [...pipHosts(files), ...hostsOf(variables.join(' '))];
  if (/^\s*index-url\s*=/m.test(files) || environment.PIP_INDEX_URL !== undefined) return configured;
  // Its help names the index that it uses when none is set; the index names where the files are.
  const help = await ask(environment, 'pip', ['install', '--help']);
  const index = /--index-url[\s\S]{0,300}?\(default\s+(\S+?)\)/.exec(help)?.[1] ?? null;
  if (index === null) return configured;
  return [...configured, ...hostsOf(index), ...(await hostsNamedBy(`${index}/pip/`, 'application/vnd.pypi.simple.v1+json'))];
}

async function cargo(environment: Environment): Promise<string[]> {
  const folder = environment.CARGO_HOME ?? `${environment.HOME ?? '/nonexistent'}/.cargo`;
  const variables = Object.entries(environment).flatMap(([name, value]) => (/^CARGO_REGISTRIES_.*_INDEX$/.test(name) ? [value ?? ''] : []));
  const configured = [...cargoHosts(await texts([`${folder}/config.toml`, `${folder}/config`])), ...hostsOf(variables.join(' '))];
  const retries = { ...definedOnly(environment), CARGO_NET_RETRY: '0' };
  const asked = await hostAskedBy('cargo', ['search', '--limit', '1', 'x'], retries, 'CARGO_HTTP_PROXY');
  if (asked === null) return configured;
  return [...configured, ...hostsOf(`https://${asked}`), ...(await hostsNamedBy(`https://${asked}/config.json`, 'application/json'))];
}

async function go(environment: Environment): Promise<string[]> {
  const said = await ask(environment, 'go', ['env', 'GOPROXY', 'GOSUMDB']);
  const [proxy = '', sums = ''] = said.split('\n');
  return goHosts(proxy || (environment.GOPROXY ?? ''), sums);
}

async function maven(environment: Environment): Promise<string[]> {
  return mavenHosts(
    await texts([`${environment.HOME ?? '/nonexistent'}/.m2/settings.xml`, '/etc/maven/settings.xml']).then(withoutComments),
  );
}

/** The settings that Maven ships explain themselves with examples. */
function withoutComments(xml: string): string {
  return xml.replace(/<!--[\s\S]*?-->/g, '');
}

async function gem(environment: Environment): Promise<string[]> {
  const files = await texts([`${environment.HOME ?? '/nonexistent'}/.gemrc`, '/etc/gemrc']);
  return [...hostsOf(files), ...hostsOf(await ask(environment, 'gem', ['sources', '--list']))];
}

async function texts(paths: readonly string[]): Promise<string> {
  // A file that is not there or not readable configures nothing.
  const all = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => '')));
  return all.join('\n');
}

/** Empty when the tool is not installed or does not answer: then it needs no registry either. */
async function ask(environment: Environment, tool: string, args: string[]): Promise<string> {
  const end = await runTool(tool, args, { env: definedOnly(environment), timeoutMs: TOOL_TIMEOUT_MS, maxOutputBytes: 1_000_000 });
  return end.exitCode === 0 ? end.stdout.toString('utf8') : '';
}

function definedOnly(environment: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}
