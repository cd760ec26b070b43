/** From a command to what is started, at each level. */
import { type BubblewrapPlan, bubblewrapArguments } from '../../../core/sandbox/bubblewrap-arguments.ts';
import { insideEnvironment, type MarkerValues, markerEnvironment, withGitRules } from '../../../core/sandbox/environment.ts';
import { type ConfinedCommand, SANDBOX_PATHS, type SandboxSpec } from '../../../ports/sandbox.ts';
import { DESCRIPTORS, type Launch } from './confined-process.ts';
import { hostLayout } from './host-layout.ts';
import { enteringGroups, forwarding, limited, nodeForwarder, socatForwarder } from './launch.ts';
import type { Programs } from './program.ts';

export interface PrepareOptions {
  spec: SandboxSpec;
  programs: Programs;
  markers: MarkerValues;
  /** Files of the control group, empty without one. */
  entries: readonly string[];
  /** The folder that stands for the host's /etc; empty at level none. */
  etc: string;
  filter: Uint8Array | null;
  /** The host's environment, for level none only. */
  hostEnvironment: Readonly<Record<string, string | undefined>>;
  /** The Node that runs us: forwards where socat is missing. */
  node: string;
}

type Prepared = Pick<Launch, 'words' | 'env' | 'cwd' | 'bubblewrap'>;

const NODE_INSIDE = '/opt/gluon/node';
const GIB = 1024 ** 3;

/** Level none: no walls, the person's own PATH and home, but marked, limited and killable. */
export function prepareOpen(options: PrepareOptions, command: ConfinedCommand): Prepared {
  const { spec, programs, hostEnvironment: host } = options;
  const words = limited(programs.prlimit, spec.caps, false, [command.command, ...command.args]);
  return {
    words: enteringGroups(options.entries, words),
    cwd: command.cwd,
    env: {
      PATH: host.PATH ?? '/usr/local/bin:/usr/bin:/bin',
      HOME: host.HOME ?? '/',
      USER: host.USER ?? 'agent',
      LANG: 'C.UTF-8',
      TMPDIR: host.TMPDIR ?? '/tmp',
      ...withGitRules(command.env),
      ...markerEnvironment(options.markers),
    },
    bubblewrap: null,
  };
}

export function prepareConfined(options: PrepareOptions, command: ConfinedCommand): Prepared {
  const { spec, programs } = options;
  const network = spec.level === 'strict' || command.offline === true ? 'own' : 'host';
  const egress = network === 'own' && command.offline !== true ? spec.egressSocket : null;
  const inner = [command.command, ...command.args];
  const forwarded = egress === null ? inner : forwarding(forwarder(programs), inner);
  const plan: BubblewrapPlan = {
    network,
    features: programs.features,
    host: hostLayout(options.etc, network),
    ...mounts(options, egress !== null),
    home: SANDBOX_PATHS.home,
    sockets: [
      ...(spec.gatewaySocket === null || command.offline === true ? [] : [{ from: spec.gatewaySocket, to: SANDBOX_PATHS.gatewaySocket }]),
      ...(egress === null ? [] : [{ from: egress, to: SANDBOX_PATHS.egressSocket }]),
    ],
    sizes: scratchSizes(spec),
    seccompFd: options.filter === null ? null : DESCRIPTORS.filter,
    statusFd: DESCRIPTORS.status,
    cwd: command.cwd,
    env: insideEnvironment({
      markers: options.markers,
      home: SANDBOX_PATHS.home,
      proxyPort: egress === null ? null : SANDBOX_PATHS.egressPort,
      extra: command.env,
    }),
  };
  const words = [
    programs.bwrap ?? 'bwrap',
    '--args',
    String(DESCRIPTORS.args),
    '--',
    ...limited(programs.prlimit, spec.caps, true, forwarded),
  ];
  return {
    words: enteringGroups(options.entries, words),
    // bubblewrap itself carries the marks too: what runs inside could take its own away.
    env: markerEnvironment(options.markers),
    cwd: '/',
    bubblewrap: { args: bubblewrapArguments(plan), filter: options.filter },
  };
}

function mounts({ spec, programs, node }: PrepareOptions, forwards: boolean): Pick<BubblewrapPlan, 'writable' | 'readOnly'> {
  return {
    writable: [
      { from: spec.workingCopy, to: spec.workingCopy },
      { from: spec.sessionFolder, to: SANDBOX_PATHS.session },
    ],
    readOnly: [
      ...spec.readOnly.map((path) => ({ from: path, to: path })),
      ...spec.mounts,
      ...(forwards && programs.socat === null ? [{ from: node, to: NODE_INSIDE }] : []),
    ],
  };
}

function forwarder(programs: Programs): [string, string, string] {
  const { egressPort, egressSocket } = SANDBOX_PATHS;
  return programs.socat === null
    ? nodeForwarder(NODE_INSIDE, egressPort, egressSocket)
    : socatForwarder(programs.socat, egressPort, egressSocket);
}

/** Scratch file systems live in memory: each may take half of what the attempt may take, and counts towards it. */
function scratchSizes(spec: SandboxSpec): BubblewrapPlan['sizes'] {
  const half = Math.floor((spec.caps.memoryBytes ?? 4 * GIB) / 2);
  return { tmpBytes: half, homeBytes: half, shmBytes: Math.floor(half / 2) };
}
