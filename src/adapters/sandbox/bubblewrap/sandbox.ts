/** The sandbox of Linux: bubblewrap around whole processes, control groups or watchdogs for the caps. */
import { randomBytes } from 'node:crypto';
import { realpath, stat } from 'node:fs/promises';
import { GluonError } from '../../../contract/errors.ts';
import type { CapsInForce } from '../../../contract/resources.ts';
import { type PathRules, pathHazard, sourceHazard, targetHazard } from '../../../core/sandbox/path-hazards.ts';
import { seccompFilter } from '../../../core/sandbox/seccomp-filter.ts';
import type { Caps, Confinement, Sandbox, SandboxSpec } from '../../../ports/sandbox.ts';
import type { Clock } from '../../../ports/system.ts';
import type { ControlGroup, ControlGroups } from './cgroup.ts';
import { controlGroupsV1 } from './cgroup-v1.ts';
import { controlGroupsV2 } from './cgroup-v2.ts';
import { openConfinement } from './confinement.ts';
import { etcView } from './etc-view.ts';
import { type PrepareOptions, prepareConfined, prepareOpen } from './prepare.ts';
import { probeSandbox } from './probe.ts';
import { findPrograms, type Programs } from './program.ts';
import { findOrphans, reapLeftovers } from './reap.ts';

export interface BubblewrapOptions {
  /** Folder of our own for small generated files and for probes; made when missing. Not below /tmp. */
  folder: string;
  /** Short stable id of this $GLUON_HOME (letters, digits, dashes): marks processes and names control groups. */
  homeId: string;
  /** Home folder of the person, and what must never be visible: database, credentials, token, configuration. */
  rules: PathRules;
  /** The host's environment: PATH to find programs by, and what level none passes on. */
  environment: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Off in tests that need to see the other ways of keeping caps. */
  useControlGroups?: boolean;
  /** Off in tests that show what the filter holds back. */
  useSystemCallFilter?: boolean;
}

export function bubblewrapSandbox(options: BubblewrapOptions): Sandbox {
  const { clock, homeId, environment } = options;
  const programs = findPrograms(environment.PATH ?? '', clock);
  let groups: ControlGroups | null | undefined;
  const etc = etcView(options.folder, clock);
  const live = new Set<string>();
  const controlGroups = (): ControlGroups | null => {
    if (groups === undefined) {
      groups = options.useControlGroups === false ? null : (controlGroupsV2(homeId, clock) ?? controlGroupsV1(homeId, clock));
    }
    return groups;
  };

  const open = async (spec: SandboxSpec): Promise<Confinement> => {
    const found = await programs();
    if (spec.level !== 'none' && found.why !== null) throw unavailable(spec, found.why);
    const [real, etcFolder] = await Promise.all([
      checkedPaths(spec, { ...options.rules, runId: spec.runId }),
      spec.level === 'none' ? '' : etc(),
    ]);
    const id = `${spec.runId.slice(0, 40)}-${randomBytes(6).toString('hex')}`.replace(/[^A-Za-z0-9_-]/g, '_');
    const hierarchy = controlGroups();
    const group = makeGroup(hierarchy, id, spec);
    const prepare: PrepareOptions = {
      spec: real,
      programs: found,
      markers: { homeId, runId: spec.runId, confinementId: id },
      entries: group?.entries ?? [],
      etc: etcFolder,
      filter: options.useSystemCallFilter === false ? null : seccompFilter(process.arch),
      hostEnvironment: environment,
      node: process.execPath,
    };
    live.add(id);
    return openConfinement({
      id,
      level: spec.level,
      caps: spec.caps,
      capsInForce: capsInForce(spec.caps, hierarchy, found),
      group,
      writable: [real.workingCopy, real.sessionFolder],
      prepare: (command) => (spec.level === 'none' ? prepareOpen(prepare, command) : prepareConfined(prepare, command)),
      clock,
      onClosed: () => live.delete(id),
    });
  };

  const sandbox: Sandbox = {
    async report() {
      const found = await programs();
      const walls = { available: found.why === null, why: found.why };
      return {
        levels: { strict: walls, standard: walls, none: { available: true, why: null } },
        capsBy: controlGroups()?.version ?? (found.prlimit === null ? 'nothing' : 'rlimit'),
        program: found.version === null ? null : `bubblewrap ${found.version}`,
      };
    },
    open,
    probe: () => probeSandbox({ sandbox, folder: options.folder, clock }),
    reap: (left) => reapLeftovers({ homeId, groups: controlGroups(), live, clock }, left),
    orphans: (liveRunIds) => findOrphans({ homeId, groups: controlGroups(), live, clock }, liveRunIds),
  };
  return sandbox;
}

function unavailable(spec: SandboxSpec, why: string, cause?: unknown): GluonError {
  return new GluonError('sandbox_unavailable', { level: spec.level, why }, { cause });
}

/** Real paths of everything that is mounted, each judged by its name and by where it really lies. */
async function checkedPaths(spec: SandboxSpec, rules: PathRules): Promise<SandboxSpec> {
  const real = async (path: string, hazard: (path: string, rules: PathRules) => string | null): Promise<string> => {
    const resolved = await realpath(path).catch((cause: unknown) => {
      throw unavailable(spec, `${path} is not there`, cause);
    });
    const why = spec.level === 'none' ? null : (hazard(path, rules) ?? hazard(resolved, rules));
    if (why !== null) throw unavailable(spec, why);
    return resolved;
  };
  const plain = async (path: string, hazard: (path: string, rules: PathRules) => string | null): Promise<string> => {
    // Mounted at its own name: a link on the way would make inside and outside differ.
    if ((await real(path, hazard)) !== path && spec.level !== 'none') throw unavailable(spec, `${path} leads through a symbolic link`);
    return path;
  };
  const socket = async (path: string | null): Promise<string | null> => {
    if (path !== null && !(await stat(path).catch(() => null))?.isSocket()) throw unavailable(spec, `${path} is no socket`);
    return path;
  };
  for (const { to } of spec.mounts) {
    const why = spec.level === 'none' ? null : targetHazard(to);
    if (why !== null) throw unavailable(spec, why);
  }
  return {
    ...spec,
    workingCopy: await plain(spec.workingCopy, pathHazard),
    sessionFolder: await real(spec.sessionFolder, pathHazard),
    readOnly: await Promise.all(spec.readOnly.map((path) => plain(path, pathHazard))),
    mounts: await Promise.all(spec.mounts.map(async ({ from, to }) => ({ from: await real(from, sourceHazard), to }))),
    gatewaySocket: await socket(spec.gatewaySocket),
    egressSocket: await socket(spec.egressSocket),
  };
}

/** A cap that was asked for and cannot be set is no reason to start without it. */
function makeGroup(hierarchy: ControlGroups | null, id: string, spec: SandboxSpec): ControlGroup | null {
  try {
    return hierarchy?.create(id, spec.caps) ?? null;
  } catch (cause) {
    throw unavailable(spec, `its control group could not be made (${cause instanceof Error ? cause.message : 'unknown'})`, cause);
  }
}

function capsInForce(caps: Caps, groups: ControlGroups | null, found: Programs): CapsInForce {
  return {
    by: groups?.version ?? (found.prlimit === null ? 'nothing' : 'rlimit'),
    // Without a control group a watchdog keeps memory and processes, and nothing keeps processor time.
    memory_bytes: groups === null || groups.controls.memory ? caps.memoryBytes : null,
    cpu_cores: groups?.controls.cpu === true ? caps.cpuCores : null,
    pids: groups === null || groups.controls.pids ? caps.pids : null,
    file_bytes: found.prlimit === null ? null : caps.fileBytes,
    disk_bytes: caps.diskBytes,
  };
}
