/** Everything around the agent process: egress, sandbox, run token, trusted configuration, setup script. Closed in reverse order. */
import { GluonError } from '../../contract/errors.ts';
import type { ProjectFile } from '../../contract/project-file.ts';
import { leasePorts } from '../../core/dispatch/ports.ts';
import { secretValues } from '../../core/text/secret-variables.ts';
import type { AgentRuntime } from '../../ports/agent.ts';
import type { EgressSession } from '../../ports/egress.ts';
import type { Confinement } from '../../ports/sandbox.ts';
import type { ProjectRow, RunRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';
import { noteProblem } from '../problems.ts';
import { unitOfWork } from '../unit-of-work.ts';
import type { AttemptControl } from './attempt-control.ts';
import type { Claim } from './claim-attempt.ts';
import { openConfinement } from './confinement.ts';
import { openEgress } from './egress-session.ts';
import type { PreparedCopy } from './working-copy.ts';

export interface OpenAttempt {
  agent: AgentRuntime;
  confinement: Confinement;
  egress: EgressSession | null;
  token: string;
  env: Record<string, string>;
  close(): Promise<void>;
}

/** A setup script installs dependencies; longer than this it hangs. */
const SETUP_TIMEOUT_MS = 15 * 60_000;
const OUTPUT_TAIL_CHARS = 4_000;
const EVENTS_AT_ONCE = 500;

export async function openAttempt(
  deps: Deps,
  claim: Claim,
  project: ProjectRow,
  file: ProjectFile | null,
  copy: PreparedCopy,
  control: AttemptControl,
): Promise<OpenAttempt> {
  const { run, attempt } = claim;
  const agent = deps.agents.get(run.agent);
  if (agent === undefined) throw new GluonError('agent_unknown', { agent: run.agent, known: [...deps.agents.keys()].join(', ') });
  const env = await runEnvironment(deps, run, file);
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      // One that fails must not keep the others, nor change how the attempt ended.
      await closer().catch((error: unknown) => noteProblem(deps, 'close', error, run.id));
    }
  };
  const secrets = secretValues(env);
  await deps.redaction.forAttempt(secrets);
  closers.push(async () => deps.redaction.forget(secrets));
  try {
    await deps.fault('attempt.before-config');
    if (run.config_commit !== null) await exportTrusted(deps, run, project.path, run.config_commit);
    const egress = await openEgress(deps, run, project);
    if (egress !== null) closers.push(() => egress.close());
    await deps.fault('attempt.before-sandbox');
    const confinement = await openConfinement(deps, {
      run,
      workingCopy: copy.path,
      borrowedObjects: copy.borrowedObjects,
      file,
      agent,
      egress,
    });
    closers.push(() => confinement.close());
    control.onStopWhilePreparing(() => confinement.close());
    const allowed = deps.settings.get('models_allowed');
    const token = deps.gateway.issue({
      runId: run.id,
      projectId: run.project_id,
      attemptId: attempt.id,
      profile: run.profile,
      models: allowed.length === 0 ? null : allowed,
    });
    closers.push(async () => {
      deps.gateway.revoke(token);
      deps.redaction.forget([token]);
    });
    await unitOfWork(deps, (unit) =>
      unit.tx.updateAttempt(attempt.id, { sandbox: confinement.level, caps: confinement.caps, cgroup: confinement.cgroup }),
    );
    await deps.fault('attempt.after-sandbox');
    if (file?.setup !== undefined && (copy.fresh || !(await setupIsDone(deps, run.id))))
      await runScript(deps, run, confinement, { name: 'setup', command: file.setup, cwd: copy.path, env });
    return { agent, confinement, egress, token, env, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether the setup script has come to a good end in the working copy as it is: an attempt may have been lost in the middle of it. */
async function setupIsDone(deps: Deps, runId: string): Promise<boolean> {
  let done = false;
  for (let after = 0; ; ) {
    const events = await deps.store.runEvents(runId, after, EVENTS_AT_ONCE);
    for (const event of events) {
      if (event.type === 'working_copy.created' || event.type === 'working_copy.restored') done = false;
      if (event.type === 'working_copy.script_ended' && event.payload.script === 'setup') done = event.payload.exit_code === 0;
    }
    const last = events.at(-1)?.seq;
    if (events.length < EVENTS_AT_ONCE || last == null) return done;
    after = last;
  }
}

async function exportTrusted(deps: Deps, run: RunRow, projectPath: string, commit: string): Promise<void> {
  const folder = deps.home.trustedFolder(run.id);
  await deps.home.removeFolder(folder);
  await deps.home.makeFolder(folder);
  await deps.git.exportTrustedConfig(projectPath, commit, folder);
}

/** The project's own variables, its ports, and who the run is. */
async function runEnvironment(deps: Deps, run: RunRow, file: ProjectFile | null): Promise<Record<string, string>> {
  const ports = await leasedPorts(deps, run, file?.ports ?? 0);
  const env: Record<string, string> = { ...file?.env, GLUON_RUN: run.id };
  for (const [index, port] of ports.entries()) env[`GLUON_PORT_${index + 1}`] = String(port);
  return env;
}

async function leasedPorts(deps: Deps, run: RunRow, wanted: number): Promise<number[]> {
  if (run.ports.length >= wanted) return run.ports.slice(0, wanted);
  const ports = await unitOfWork(deps, async (unit) => {
    const leased = leasePorts(wanted, new Set(await unit.tx.leasedPorts()));
    if (leased !== null) await unit.updateRun(run.id, { ports: leased }, { epoch: run.epoch });
    return leased;
  });
  if (ports === null) throw new GluonError('working_copy_failed', { why: 'no free ports are left to lease' });
  return ports;
}

export async function runScript(
  deps: Omit<Deps, 'wake'>,
  run: RunRow,
  confinement: Confinement,
  script: { name: 'setup' | 'teardown'; command: string; cwd: string; env: Record<string, string> },
): Promise<void> {
  const end = await confinement.run({
    command: '/bin/bash',
    args: ['-c', script.command],
    env: script.env,
    cwd: script.cwd,
    timeoutMs: SETUP_TIMEOUT_MS,
    maxOutputBytes: 1024 * 1024,
  });
  const secrets = secretValues(script.env);
  const redactor = await deps.redaction.forAttempt(secrets);
  const output = redactor.redact(`${new TextDecoder().decode(end.stdout)}${end.stderr}`).slice(-OUTPUT_TAIL_CHARS);
  deps.redaction.forget(secrets);
  await unitOfWork(deps, (unit) =>
    unit.record('working_copy.script_ended', { script: script.name, exit_code: end.exitCode, output }, { runId: run.id, actor: 'gluon' }),
  );
  if (end.exitCode !== 0 && script.name === 'setup') {
    const how = end.exceeded === null ? `ended with ${end.exitCode ?? end.signal}` : `exceeded its ${end.exceeded} cap`;
    throw new GluonError('working_copy_failed', { why: `the setup script ${how}: ${output.trim().slice(-500)}` });
  }
}
