import { describe, expect, it } from 'vitest';
import { type Door, usesOf } from './doors.ts';
import { isTest, parse, sourceFiles } from './source-files.ts';

/** Who may use a door to the world, and why. A folder ends with a slash. */
const OWNERS: ReadonlyArray<readonly [door: Door, place: string, why: string]> = [
  ['environment', 'src/adapters/system/environment.ts', 'the one reader of the environment'],
  ['clock', 'src/adapters/system/clock.ts', 'the clock itself'],
  ['timer', 'src/adapters/system/clock.ts', 'the clock itself'],
  ['timer', 'src/adapters/system/hold.ts', 'keeps the process alive: timers of the clock do not'],
  ['chance', 'src/adapters/system/random.ts', 'the source of chance itself'],
  ['process', 'src/adapters/process/', 'runs our own tools'],
  ['process', 'src/adapters/sandbox/bubblewrap/', 'starts what is confined: passed descriptors and process groups are its trade'],
  ['timer', 'src/adapters/sandbox/bubblewrap/', 'keeps the process alive while it kills, and yields while it reads the process table'],
  ['chance', 'src/adapters/sandbox/bubblewrap/sandbox.ts', 'names of control groups that nobody can guess'],
  ['network', 'src/adapters/sandbox/bubblewrap/probe.ts', 'listens on loopback to prove that a sandbox cannot reach it'],
  ['network', 'src/adapters/egress/', 'the proxy between sandboxes and the network'],
  ['network', 'src/adapters/gateway/', 'the proxy between agents and model providers'],
  ['network', 'src/adapters/push/', 'notifications go to the push service of the browser'],
  ['timer', 'src/adapters/egress/proxy/registry-answers.ts', 'bounds a request that fetch makes'],
  ['chance', 'src/adapters/images/files/images.ts', 'names of half-written files that do not meet'],
  ['process', 'src/main/demo/', 'the demo starts Gluon as a person does'],
  ['timer', 'src/main/demo', 'the demo waits for a server, then for the person'],
  ['timer', 'src/adapters/store/sqlite/', 'lets others run between two batches (setImmediate, no delay)'],
  ['network', 'src/cli/http-request.ts', 'the command line is a client of the server'],
  ['network', 'src/cli/live/connection.ts', 'the command line is a client of the server'],
  ['network', 'scripted-model/', 'plays a provider on loopback; it stands alone and has no ports to get these from'],
  ['timer', 'scripted-model/', 'plays slow and broken providers'],
  ['chance', 'scripted-model/', 'ids of answers'],
];

describe('environment, time, chance, processes, network and timers', () => {
  const uses = sourceFiles(['src', 'scripted-model'])
    .filter((file) => !isTest(file))
    .flatMap((file) => usesOf(parse(file)).map((use) => ({ file, ...use })));
  const owners = (door: Door, file: string) => OWNERS.filter(([owned, place]) => owned === door && file.startsWith(place));

  it('are used only by those that own them', () => {
    const strangers = uses.filter(({ door, file }) => owners(door, file).length === 0);
    expect(strangers.map(({ door, file, line, text }) => `${file}:${line} opens the door "${door}": ${text}`)).toEqual([]);
  });

  it('have no owner that does not use them', () => {
    const used = new Set(uses.flatMap(({ door, file }) => owners(door, file)));
    expect(OWNERS.filter((owner) => !used.has(owner))).toEqual([]);
  });
});

describe('a use is found in', () => {
  const FOUND: ReadonlyArray<readonly [code: string, door: Door]> = [
    ['const a = process.env.HOME;', 'environment'],
    ["const a = process['env'];", 'environment'],
    ['const { env } = process;', 'environment'],
    ['const a = globalThis.process.env;', 'environment'],
    ["import { env } from 'node:process';", 'environment'],
    ['Date.now();', 'clock'],
    ['const now = Date.now;', 'clock'],
    ['new Date();', 'clock'],
    ['new Date;', 'clock'],
    ['Date();', 'clock'],
    ['performance.now();', 'clock'],
    ['process.hrtime.bigint();', 'clock'],
    ['Math.random();', 'chance'],
    ['crypto.randomUUID();', 'chance'],
    ["import { randomBytes as r } from 'node:crypto';", 'chance'],
    ["import { spawn } from 'node:child_process';", 'process'],
    ["import * as c from 'child_process';", 'process'],
    ["const c = await import('node:child_process');", 'process'],
    ["const c = process.getBuiltinModule('node:child_process');", 'process'],
    ["import { execa } from 'execa';", 'process'],
    ["fetch('http://127.0.0.1');", 'network'],
    ['const get = { fetch };', 'network'],
    ['globalThis.fetch(x);', 'network'],
    ["import { connect } from 'node:net';", 'network'],
    ['setTimeout(f, 1);', 'timer'],
    ['const later = setInterval;', 'timer'],
    ["import { setTimeout as sleep } from 'node:timers/promises';", 'timer'],
    ['AbortSignal.timeout(1);', 'timer'],
  ];
  it.each(FOUND)('%s', (code, door) => {
    expect(usesOf(parse('example.ts', code)).map((use) => use.door)).toContain(door);
  });
});

describe('no use is found in', () => {
  const INNOCENT = [
    'new Date(nowMs).toISOString();',
    'Date.parse(text);',
    "import type { ChildProcess } from 'node:child_process';",
    'let timer: ReturnType<typeof setTimeout>;',
    'await repository.fetch(remote);',
    'const port = { fetch(remote) { return remote; } };',
    "import { fetch } from './remote.ts';\nfetch(remote);",
    'interface Clock { setTimeout(ms: number): void }',
    "import { createHash } from 'node:crypto';",
    'process.exitCode = 1;',
    '// Date.now() and fetch() in a comment',
    "const text = 'process.env';",
  ];
  it.each(INNOCENT)('%s', (code) => {
    expect(usesOf(parse('example.ts', code))).toEqual([]);
  });
});
