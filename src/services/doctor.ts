/** Examines the machine and the home; each finding says how to mend it. */
import type { DoctorFinding } from '../contract/resources.ts';
import type { Deps } from './deps.ts';
import { type Check, fail, pass, warn } from './doctor-finding.ts';
import { applySafeFixes, runChecks } from './doctor-runs.ts';
import { reasonOf } from './problems.ts';

const MIN_GIT = [2, 38] as const;
const LOW_DISK_BYTES = 2 * 1024 ** 3;
const EXPIRY_WARNING_MS = 60 * 60 * 1000;

export async function examine(deps: Deps, fix: boolean): Promise<{ healthy: boolean; findings: DoctorFinding[] }> {
  const findings: DoctorFinding[] = [];
  // First, so that what follows shows what is left; one that fails is a finding and ends nothing.
  if (fix) findings.push(await look(fixing(deps)));
  for (const check of [...checks(deps), ...runChecks(deps)]) findings.push(await look(check));
  findings.push(...(await walls(deps)));
  return { healthy: findings.every((finding) => finding.status !== 'fail'), findings };
}

const BROKEN_CHECK = 'Look into "gluon logs server" for more, and report it if it stays.';

async function walls(deps: Deps): Promise<DoctorFinding[]> {
  try {
    return await deps.sandbox.probe();
  } catch (error) {
    // That the walls could not be tried is a finding, and none to be passed over.
    return [
      { id: 'sandbox', group: 'sandbox', title: 'Sandbox', status: 'fail', detail: reasonOf(error), fix: BROKEN_CHECK, fixable: false },
    ];
  }
}

async function look(check: Check): Promise<DoctorFinding> {
  const common = { id: check.id, group: check.group, title: check.title };
  try {
    return { ...common, fixable: false, ...(await check.look()) };
  } catch (error) {
    // A check that breaks is a finding like any other.
    return { ...common, status: 'fail', detail: reasonOf(error), fix: BROKEN_CHECK, fixable: false };
  }
}

function fixing(deps: Deps): Check {
  const work = async () => {
    await applySafeFixes(deps);
    return pass('applied');
  };
  return { id: 'fixes', group: 'runs', title: 'Safe fixes', look: work };
}

function checks(deps: Deps): Check[] {
  return [
    { id: 'node', group: 'programs', title: 'Node.js', look: async () => pass(process.version) },
    { id: 'git', group: 'programs', title: 'git', look: () => gitVersion(deps) },
    ...[...deps.agents.values()].map((agent) => ({
      id: `agent-${agent.id}`,
      group: 'programs',
      title: `Agent ${agent.id}`,
      look: async () => {
        const found = await agent.probe();
        return found.ok ? pass(found.version ?? 'there') : fail(found.why ?? 'not found', 'Run "npm run setup".');
      },
    })),
    { id: 'credential', group: 'model', title: 'Credential for the model provider', look: () => credential(deps) },
    { id: 'database', group: 'home', title: 'Database', look: () => database(deps) },
    { id: 'disk', group: 'home', title: 'Free disk space', look: () => disk(deps) },
    {
      id: 'settings',
      group: 'home',
      title: 'Settings',
      look: async () => pass(`${deps.settings.all().filter((one) => one.source !== 'default').length} set`),
    },
    { id: 'working-copies', group: 'runs', title: 'Working copies', look: () => workingCopies(deps) },
    { id: 'repositories', group: 'runs', title: 'Repositories of the projects', look: () => repositories(deps) },
  ];
}

async function gitVersion(deps: Deps) {
  const version = await deps.git.version();
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > MIN_GIT[0] || (major === MIN_GIT[0] && minor >= MIN_GIT[1]);
  return enough ? pass(version) : fail(`${version} is too old`, `Update git to ${MIN_GIT.join('.')} or newer.`);
}

async function credential(deps: Deps) {
  const found = await deps.credentials.current();
  if (found === null) return warn('none', 'Set ANTHROPIC_API_KEY where Gluon is started, or log in with Claude Code on this machine.');
  const base = await deps.credentials.baseUrl();
  const leftMs = found.expiresAtMs === null ? null : found.expiresAtMs - deps.clock.nowMs();
  if (leftMs !== null && leftMs <= 0) return fail(`${found.kind} from ${found.source} has expired`, 'Log in again.');
  if (leftMs !== null && leftMs < EXPIRY_WARNING_MS)
    return warn(`${found.kind} from ${found.source} expires in ${Math.round(leftMs / 60_000)} minutes`, 'Log in again soon.');
  return pass(`${found.kind} from ${found.source}, for ${base}`);
}

async function database(deps: Deps) {
  const problem = await deps.store.integrityProblem();
  return problem === null
    ? pass(`sound, schema ${await deps.store.schemaVersion()}`)
    : fail(problem, 'Stop Gluon and restore the database from a backup.');
}

async function disk(deps: Deps) {
  const free = await deps.home.freeBytes();
  const text = `${(free / 1024 ** 3).toFixed(1)} GiB free at ${deps.home.path}`;
  return free > LOW_DISK_BYTES ? pass(text) : warn(text, 'Free some space; "gluon cleanup --dry-run" shows what Gluon can give back.');
}

async function workingCopies(deps: Deps) {
  const paths = await deps.home.listWorktrees();
  return pass(`${paths.length} on disk; "gluon worktree list" shows their state`);
}

async function repositories(deps: Deps) {
  const projects = await deps.store.projects();
  const missing: string[] = [];
  for (const project of projects) if (!(await deps.home.exists(project.path))) missing.push(project.name);
  return missing.length === 0
    ? pass(`${projects.length} projects`)
    : warn(`gone: ${missing.join(', ')}`, 'Put them back, or remove the projects.');
}
