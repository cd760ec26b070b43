/** Runs around every test file: fails it when it left something behind. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, vi } from 'vitest';
import { type Before, findLeaks, leftFiles, lookBefore } from './find-leaks.ts';
import { MARK } from './own-processes.ts';

/** What ends by itself gets this long: a process that was told to stop, a socket that closes. */
const GRACE_MS = 12_000;
const LOOK_EVERY_MS = 25;
/** Taken before any test can put a false clock in its place. */
const { setTimeout: realTimeout } = globalThis;
const realNow = performance.now.bind(performance);

let before: Before;
let temporary = '';
let outerTemporary: string | undefined;

beforeAll(() => {
  process.env[MARK] = randomUUID();
  outerTemporary = process.env.TMPDIR;
  // Short: sockets lie below it, and their paths may have 107 characters.
  temporary = mkdtempSync(join(tmpdir(), 'gt-'));
  process.env.TMPDIR = temporary;
  before = lookBefore();
});

// The first hook that is registered is the last that runs: the file has cleaned up by then.
afterAll(async () => {
  const falseClock = vi.isFakeTimers();
  vi.useRealTimers();
  const deadlineMs = realNow() + GRACE_MS;
  let leaks = [...findLeaks(before), ...files()];
  while (leaks.length > 0 && realNow() < deadlineMs) {
    await new Promise((resolve) => realTimeout(resolve, LOOK_EVERY_MS));
    leaks = [...findLeaks(before), ...files()];
  }
  if (outerTemporary === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = outerTemporary;
  rmSync(temporary, { recursive: true, force: true });
  if (falseClock) leaks.push('the false clock is still in place');
  if (leaks.length > 0) throw new Error(`This test file left behind:\n${leaks.map((leak) => `  ${leak}`).join('\n')}`);
});

const files = (): string[] => leftFiles().map((name) => `the file ${join(temporary, name)} is still there`);
