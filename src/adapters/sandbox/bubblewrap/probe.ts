/** What `doctor` shows about the walls: every row is tried in a sandbox of its own, none is believed. */
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { basename } from 'node:path';
import type { DoctorFinding } from '../../../contract/resources.ts';
import type { Confinement, Sandbox, SandboxSpec } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import { pause } from './pause.ts';
import { COMMIT_SCRIPT, isUntouched, MEDDLE_SCRIPT, type ProbedProject, prepareProject } from './probe-git.ts';

export interface ProbeOptions {
  sandbox: Sandbox;
  folder: string;
  clock: Clock;
}

/** What the rows can be tried against. */
interface Ground {
  folder: string;
  secret: string;
  other: string;
  port: number;
  reached: () => boolean;
  project: ProbedProject;
}

interface Row {
  id: string;
  title: string;
  /** Run by a shell inside; `$1` is the ground's folder, `$2` its secret, `$3` another run's folder, `$4` a port of the host, `$5` a project, `$6` its commit. */
  script: string;
  /** Judged by what came out and by what is true on the host afterwards. */
  holds: (output: string, ground: Ground) => boolean | Promise<boolean>;
}

const PROBE_CAPS = { memoryBytes: 256 * 1024 ** 2, cpuCores: null, pids: 64, fileBytes: 8 * 1024 ** 2, diskBytes: null };
const FIX = 'Install or repair bubblewrap, and see docs/sandbox.md.';

const ROWS: readonly Row[] = [
  { id: 'uid', title: 'runs as an ordinary user', script: 'id -u', holds: (output) => output === '1000' },
  { id: 'work', title: 'can write its working copy', script: 'echo x > made && cat made', holds: (output) => output === 'x' },
  { id: 'secret', title: 'cannot see files beside its own', script: 'cat "$2" 2>/dev/null', holds: (output) => output === '' },
  { id: 'other', title: "cannot see another run's working copy", script: 'ls "$3" 2>/dev/null', holds: (output) => output === '' },
  { id: 'shadow', title: 'cannot see the accounts of the host', script: 'cat /etc/shadow 2>/dev/null', holds: (output) => output === '' },
  {
    id: 'system',
    title: 'cannot write system folders',
    script: 'for d in /usr /etc /home / /run /dev; do touch $d/gluon-probe 2>/dev/null && echo $d; done',
    holds: (output) => output === '',
  },
  {
    id: 'outside',
    title: 'cannot write beside its working copy',
    script: 'echo x > "$1/planted"; echo x > "$3/planted"',
    holds: async (_output, ground) => !(await exists(`${ground.folder}/planted`)) && !(await exists(`${ground.other}/planted`)),
  },
  {
    id: 'processes',
    title: 'sees only its own processes',
    script: 'n=0; for p in /proc/[0-9]*; do n=$((n+1)); done; echo $n',
    holds: (output) => Number(output) > 0 && Number(output) < 8,
  },
  {
    id: 'network',
    title: 'has no network',
    script: 'bash -c "exec 3<>/dev/tcp/127.0.0.1/$4" 2>/dev/null && echo open; cat /proc/net/route | tail -n +2',
    holds: (output, ground) => output === '' && !ground.reached(),
  },
  {
    id: 'privileges',
    title: 'can gain no privileges',
    script: "grep -E '^(NoNewPrivs|CapBnd|CapEff):' /proc/self/status | tr -d '\\t '",
    holds: (output) =>
      output.includes('NoNewPrivs:1') && output.includes('CapEff:0000000000000000') && output.includes('CapBnd:0000000000000000'),
  },
  {
    id: 'namespaces',
    title: 'can make no namespaces',
    script: 'unshare -U true 2>/dev/null && echo made',
    holds: (output) => output === '',
  },
  {
    id: 'filter',
    title: 'is held by a system call filter',
    script: "grep '^Seccomp:' /proc/self/status",
    holds: (output) => output.endsWith('2'),
  },
  {
    id: 'file',
    title: 'is held to the largest file size',
    script: '(head -c 9000000 /dev/zero > big) 2>/dev/null; wc -c < big',
    holds: (output) => Number(output) <= PROBE_CAPS.fileBytes,
  },
  { id: 'commit', title: 'can commit in a private clone', script: COMMIT_SCRIPT, holds: (output) => output === '2' },
  {
    id: 'project',
    title: "can neither see nor change the project's own configuration, hooks and branches",
    script: MEDDLE_SCRIPT,
    holds: async (output, ground) => output === '' && (await isUntouched(ground.project)),
  },
];

/** One finding per row, and one in place of all when there is no sandbox at all. */
export async function probeSandbox(options: ProbeOptions): Promise<DoctorFinding[]> {
  const { levels, capsBy, program } = await options.sandbox.report();
  if (!levels.strict.available)
    return [finding('sandbox.program', 'fail', 'Sandbox', levels.strict.why ?? 'not available', FIX), capsFinding(capsBy)];
  const ground = await prepareGround(options.folder, options.sandbox);
  try {
    const confinement = await options.sandbox.open(ground.spec);
    try {
      const rows: DoctorFinding[] = [finding('sandbox.program', 'pass', 'Sandbox', program ?? '', null)];
      for (const row of ROWS) rows.push(await tryRow(row, confinement, ground));
      rows.push(await leakedProcess(options, ground.spec, confinement), capsFinding(capsBy));
      return rows;
    } finally {
      await confinement.close(0);
    }
  } finally {
    await ground.remove();
  }
}

async function tryRow(row: Row, confinement: Confinement, ground: Ground & { spec: SandboxSpec }): Promise<DoctorFinding> {
  const end = await confinement.run({
    command: '/bin/sh',
    args: [
      '-c',
      row.script,
      'sh',
      ground.folder,
      ground.secret,
      ground.other,
      String(ground.port),
      ground.project.path,
      ground.project.commit,
    ],
    env: {},
    cwd: ground.spec.workingCopy,
    timeoutMs: 10_000,
  });
  const output = Buffer.from(end.stdout).toString('utf8').trim();
  const holds = end.exceeded !== 'time' && (await row.holds(output, ground));
  return finding(
    `sandbox.${row.id}`,
    holds ? 'pass' : 'fail',
    `A strict sandbox ${row.title}`,
    holds ? 'tried' : `it answered: ${output.slice(0, 200)}`,
    FIX,
  );
}

/** A process that left its session must be gone when the command has ended. */
async function leakedProcess(options: ProbeOptions, spec: SandboxSpec, confinement: Confinement): Promise<DoctorFinding> {
  const started = `${spec.workingCopy}/alive`;
  await confinement.run({
    command: '/bin/sh',
    args: ['-c', 'setsid sh -c "while :; do date +%s%N > alive; sleep 0.02; done" </dev/null >/dev/null 2>&1 & sleep 0.1'],
    env: {},
    cwd: spec.workingCopy,
    timeoutMs: 10_000,
  });
  await pause(options.clock, 50);
  const before = (await stat(started).catch(() => null))?.mtimeMs ?? null;
  await pause(options.clock, 100);
  const after = (await stat(started).catch(() => null))?.mtimeMs ?? null;
  const holds = before !== null && before === after;
  return finding(
    'sandbox.leak',
    holds ? 'pass' : 'fail',
    'A strict sandbox leaves no process behind',
    holds ? 'tried' : 'a process went on',
    FIX,
  );
}

function capsFinding(capsBy: 'cgroup2' | 'cgroup1' | 'rlimit' | 'nothing'): DoctorFinding {
  const detail = {
    cgroup2: 'control groups, version 2',
    cgroup1: 'control groups, version 1',
    rlimit: 'process limits and a watchdog: processor time is not capped, memory is looked at twice a second',
    nothing: 'the program prlimit is missing: a watchdog alone looks at memory and processes',
  }[capsBy];
  const status = capsBy === 'nothing' ? 'fail' : capsBy === 'rlimit' ? 'warn' : 'pass';
  return finding(
    'sandbox.caps',
    status,
    'Caps on memory, processes and processor',
    detail,
    'Start the server where a control group is delegated to it, for example by "systemd-run --user --scope".',
  );
}

async function prepareGround(parent: string, sandbox: Sandbox): Promise<Ground & { spec: SandboxSpec; remove: () => Promise<void> }> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(`${parent}/probe-`);
  const [secret, other] = [`${folder}/secret`, `${folder}/other`];
  for (const name of ['work', 'session', 'other']) await mkdir(`${folder}/${name}`);
  await writeFile(secret, 'secret');
  await writeFile(`${other}/file`, 'secret');
  let connections = 0;
  const server = await listen(() => {
    connections += 1;
  });
  const remove = async () => {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const spec = probeSpec(folder);
    const project = await prepareProject(sandbox, spec, `${folder}/project`);
    const address = server.address();
    return {
      folder,
      secret,
      other,
      port: typeof address === 'object' && address !== null ? address.port : 0,
      reached: () => connections > 0,
      project,
      spec: { ...spec, readOnly: [`${project.path}/.git/objects`] },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Its run is named as its folder: of the folder of probes it is shown its own alone. */
function probeSpec(folder: string): SandboxSpec {
  return {
    level: 'strict',
    runId: basename(folder),
    workingCopy: `${folder}/work`,
    sessionFolder: `${folder}/session`,
    readOnly: [],
    mounts: [],
    gatewaySocket: null,
    egressSocket: null,
    caps: PROBE_CAPS,
  };
}

function listen(onConnection: () => void): Promise<Server> {
  const server = createServer((socket) => {
    onConnection();
    socket.destroy();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

function finding(id: string, status: DoctorFinding['status'], title: string, detail: string, fix: string | null): DoctorFinding {
  return { id, group: 'sandbox', status, title, detail, fix: status === 'pass' ? null : fix, fixable: false };
}
