/** The real program, and programs that only pretend, with too much output or without the will to end. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claudeRuntime } from '../../../src/adapters/agent/claude/runtime.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import { GluonError } from '../../../src/contract/errors.ts';
import type { AgentRuntime } from '../../../src/ports/agent.ts';
import type { Clock } from '../../../src/ports/system.ts';
import { type Lab, of, openLab, play, textOf } from '../support/agent-lab.ts';
import { claudeForTests } from '../support/claude.ts';

const runtime = claudeForTests();
let lab: Lab;
beforeEach(async () => {
  lab = await openLab();
});
afterEach(async () => {
  await lab.close();
});

/** A program that speaks the protocol and then misbehaves as told by its environment. */
function strange(clock: Clock = systemClock()): AgentRuntime {
  const path = join(import.meta.dirname, '../support/strange-program.ts');
  return claudeRuntime({ clock, log: silentLog(), findProgram: async () => ({ path, version: '0' }) });
}

/** Ten seconds pass in one tenth of a second. */
function hurriedClock(): Clock {
  const clock = systemClock();
  return { ...clock, after: (ms, callback) => clock.after(ms / 50, callback), sleep: (ms, signal) => clock.sleep(ms / 50, signal) };
}

describe('output of the real program', () => {
  it('is cut by the program when a tool floods', async () => {
    const { events, done } = await play(runtime, lab.spec('SCENARIO:flood'));
    expect(done.outcome).toBe('completed');
    expect(of(events, 'tool_finished')[0]?.output.length).toBeLessThan(200_000);
  });

  it('comes whole when the model says very much', async () => {
    const { events, done } = await play(runtime, lab.spec('SCENARIO:flood_text{"kilobytes":300}'));
    expect(done.outcome).toBe('completed');
    expect(textOf(events).length).toBeGreaterThanOrEqual(300_000);
  });

  it('keeps a long tool result within bounds', async () => {
    const { done } = await play(runtime, lab.spec('SCENARIO:long_output'));
    expect(done.outcome).toBe('completed');
  });

  it('survives bytes that are no text, and control sequences', async () => {
    const binary = await play(runtime, lab.spec('SCENARIO:binary'));
    expect(binary.done.outcome).toBe('completed');
    const sequences = await play(runtime, lab.spec('SCENARIO:escape'));
    // As it is: what it becomes on a screen is the business of whoever shows it.
    expect(sequences.done.text).toContain('\u001b]0;owned');
  });

  it('is read no faster than its consumer', async () => {
    const run = runtime.start(lab.spec('SCENARIO:flood_text{"kilobytes":100}'));
    let count = 0;
    for await (const event of run.events) {
      count += 1;
      if (count % 100 === 0) await systemClock().sleep(5);
      if (event.type === 'turn_ended') run.finish();
    }
    expect((await run.done).outcome).toBe('completed');
    expect(count).toBeGreaterThan(400);
  });
});

describe('processes of the real program', () => {
  it('leaves a child behind without waiting for it', async () => {
    const begun = performance.now();
    const { done } = await play(runtime, lab.spec('SCENARIO:shell{"command":"setsid sleep 8 >/dev/null 2>&1 & echo started"}'));
    expect(done.outcome).toBe('completed');
    expect(performance.now() - begun).toBeLessThan(7_000);
  });

  it('is stopped with a tool that ignores polite signals', async () => {
    const begun = performance.now();
    const { done } = await play(runtime, lab.spec('SCENARIO:stubborn'), {
      on: (event, run) => {
        if (event.type === 'tool_started') setTimeout(() => void run.stop(1_500), 300);
      },
    });
    expect(done.outcome).toBe('interrupted');
    expect(performance.now() - begun).toBeLessThan(8_000);
  });
});

describe('programs that misbehave', () => {
  it('is told from a line of 200 MB that it was left out, in bounded memory', async () => {
    const before = process.memoryUsage.rss();
    const { events, done } = await play(strange(), lab.spec('x', { env: { STRANGE: 'huge-line' } }));
    expect(of(events, 'notice')[0]?.text).toContain('200000000 bytes');
    expect(done.outcome).toBe('completed');
    expect(process.memoryUsage.rss() - before).toBeLessThan(100_000_000);
  });

  it('passes on what it does not know', async () => {
    const { events, done } = await play(strange(), lab.spec('x', { env: { STRANGE: 'unknown' } }));
    expect(of(events, 'unknown').map((event) => event.vendorType)).toEqual(['telepathy', 'system/telepathy']);
    expect(done.outcome).toBe('completed');
  });

  it('keeps the result of a program that does not end, and says so', async () => {
    const { events, done } = await play(strange(hurriedClock()), lab.spec('x', { env: { STRANGE: 'stay' } }));
    expect(done.outcome).toBe('completed');
    expect(of(events, 'notice').some((event) => event.text.includes('did not end by itself'))).toBe(true);
  });

  it('keeps the result when a child holds the output of the program', async () => {
    const begun = performance.now();
    const { events, done } = await play(strange(hurriedClock()), lab.spec('x', { env: { STRANGE: 'held' } }));
    expect(done.outcome).toBe('completed');
    expect(of(events, 'notice').some((event) => event.text.includes('did not end by itself'))).toBe(true);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('leaves the confinement usable when it had to use force', async () => {
    await play(strange(hurriedClock()), lab.spec('x', { env: { STRANGE: 'stay' } }));
    const after = await lab.confinement.run({ command: '/bin/echo', args: ['still here'], env: {}, cwd: lab.repo });
    expect(Buffer.from(after.stdout).toString()).toBe('still here\n');
  });

  it('tells code and last words of a program that fails at once', async () => {
    const { done } = await play(strange(), lab.spec('x', { env: { STRANGE: 'die' } }));
    expect(done).toMatchObject({ outcome: 'agent_exit', exitCode: 3, resumable: false });
    expect(done.detail).toContain('the dog ate it');
  });

  it('says that the program cannot be run', async () => {
    const gone = claudeRuntime({
      clock: systemClock(),
      log: silentLog(),
      findProgram: async () => ({ path: '/nonexistent/claude', version: '0' }),
    });
    const { done } = await play(gone, lab.spec('x'));
    expect(done).toMatchObject({ outcome: 'agent_exit', resumable: false });
  });

  it('says that the program is not installed', async () => {
    const missing = claudeRuntime({
      clock: systemClock(),
      log: silentLog(),
      findProgram: async () => {
        throw new GluonError('agent_missing', { agent: 'claude', why: 'it is not there' });
      },
    });
    expect(await missing.probe()).toMatchObject({ ok: false, why: expect.stringContaining('not installed') });
    await expect(missing.mounts()).rejects.toMatchObject({ code: 'agent_missing' });
    const { done } = await play(missing, lab.spec('x'));
    expect(done).toMatchObject({ outcome: 'agent_exit', resumable: false, detail: expect.stringContaining('not installed') });
  });

  it('knows its own version', async () => {
    expect(await runtime.probe()).toMatchObject({ ok: true, version: expect.stringMatching(/^\d+\.\d+\.\d+$/) });
    const { events } = await play(runtime, lab.spec('SCENARIO:say'));
    expect(of(events, 'started')[0]?.version).toBe((await runtime.probe()).version);
  });
});
