/** The real program inside the real sandbox, without a network, towards the model by a socket. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ScriptedModel, startScriptedModel } from '../../../scripted-model/server.ts';
import { bubblewrapSandbox } from '../../../src/adapters/sandbox/bubblewrap/sandbox.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { captureEnvironment } from '../../../src/adapters/system/environment.ts';
import type { AgentSpec } from '../../../src/ports/agent.ts';
import { type Confinement, SANDBOX_PATHS } from '../../../src/ports/sandbox.ts';
import { type Lab, of, openLab, play, RUN_TOKEN } from '../support/agent-lab.ts';
import { claudeForTests } from '../support/claude.ts';

const runtime = claudeForTests();
// A sandbox has a /tmp of its own: what it shows must lie elsewhere.
const base = mkdtempSync(join(process.env.GLUON_TEST_FOLDER ?? '/var/tmp', 'gluon-sandboxed-'));
let lab: Lab;
let model: ScriptedModel;
let confinement: Confinement;
let folder: string;

beforeEach(async () => {
  lab = await openLab();
  folder = mkdtempSync(join(base, 'run-'));
  for (const name of ['copy', 'session', 'trusted', 'generated']) mkdirSync(join(folder, name));
  lab.git('clone', '-q', lab.repo, join(folder, 'copy'));
  model = await startScriptedModel({ socketPath: join(folder, 'gateway.sock'), keepBodies: true });
  const sandbox = bubblewrapSandbox({
    folder: join(folder, 'generated'),
    homeId: 'test',
    rules: { userHome: homedir(), protectedPaths: [] },
    environment: captureEnvironment(),
    clock: systemClock(),
  });
  confinement = await sandbox.open({
    level: 'strict',
    runId: crypto.randomUUID(),
    workingCopy: join(folder, 'copy'),
    sessionFolder: join(folder, 'session'),
    readOnly: [],
    mounts: [...(await runtime.mounts()), { from: join(folder, 'trusted'), to: SANDBOX_PATHS.trustedConfig }],
    gatewaySocket: join(folder, 'gateway.sock'),
    egressSocket: null,
    caps: { memoryBytes: null, cpuCores: null, pids: null, fileBytes: null, diskBytes: null },
  });
});
afterEach(async () => {
  await confinement.close(0);
  await model.close();
  await lab.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
});

afterAll(() => rmSync(base, { recursive: true, force: true }));

function inside(prompt: string, more: Partial<AgentSpec> = {}): AgentSpec {
  return lab.spec(prompt, {
    confinement,
    cwd: join(folder, 'copy'),
    model_access: { socket: SANDBOX_PATHS.gatewaySocket },
    trustedConfig: SANDBOX_PATHS.trustedConfig,
    sessionFolder: SANDBOX_PATHS.session,
    ...more,
  });
}

describe('the real program in the strict sandbox', () => {
  it('edits, commits and reaches the model, and nothing else', async () => {
    const { done } = await play(runtime, inside('SCENARIO:edit{"file":"inside.txt"}'));
    expect(done).toMatchObject({ outcome: 'completed', exitCode: 0 });
    expect(lab.git('-C', join(folder, 'copy'), 'log', '--format=%s', '-1').trim()).toBe('Add inside.txt');
    expect(model.requests[0]?.credential.value).toBe(RUN_TOKEN);
    const probe = await play(runtime, inside('SCENARIO:shell{"command":"id -u; ls /root; cat < /dev/tcp/127.0.0.1/22"}'));
    const output = of(probe.events, 'tool_finished')[0]?.output ?? '';
    expect(output).toMatch(/1000/);
    expect(output).toMatch(/refused|unreachable/i);
  });

  it('continues its session in another process', async () => {
    const first = inside('SCENARIO:say{"text":"remember the blue door"}');
    await play(runtime, first);
    const { done } = await play(runtime, inside('SCENARIO:recall', { sessionId: first.sessionId, session: { kind: 'resume' } }));
    expect(done.text).toContain('blue door');
  });

  it('is stopped with everything that it started, and the sandbox stays usable for the import', async () => {
    const { done } = await play(runtime, inside('SCENARIO:stubborn'), {
      on: (event, run) => {
        if (event.type === 'tool_started') setTimeout(() => void run.stop(1_000), 300);
      },
    });
    expect(done).toMatchObject({ outcome: 'interrupted' });
    const left = await confinement.run({
      command: '/bin/sh',
      args: ['-c', 'git status --porcelain && echo usable'],
      env: {},
      cwd: join(folder, 'copy'),
    });
    expect(Buffer.from(left.stdout).toString()).toContain('usable');
  });

  it('keeps the result when a child outlives the agent', async () => {
    const begun = performance.now();
    const { done } = await play(runtime, inside('SCENARIO:grandchild'));
    expect(done.outcome).toBe('completed');
    expect(performance.now() - begun).toBeLessThan(15_000);
  });
});
