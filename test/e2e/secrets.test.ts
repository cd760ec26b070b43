/** Canaries: secrets that Gluon knows are planted, told by agents in every way they have, and then looked for everywhere. */
import { readdirSync, readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { bash, say } from '../../scripted-model/steps.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../src/contract/operations.ts';
import type { Run } from '../../src/contract/resources.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { connectLiveClient, type LiveClient } from '../support/live-client.ts';
import { commitFiles, sampleRepository } from '../support/repository.ts';
import { messages, untilSaid, untilSettled } from '../support/runs.ts';

/** Of no known shape, so that only the value itself can give it away. */
const PROVIDER = 'canary-provider-7Qm2vX9pLs4T';
const PROJECT = 'canary-project-k3WzR8nB6yHd';
const DECOY = 'canary-decoy-u5JcF1eG0aMo';

let gluon: Gluon;
let repository: string;
let live: LiveClient;
const runs: Run[] = [];
/** Command lines of every process, looked at while agents ran. */
let commandLines = '';

function everyCommandLine(): string {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      } catch {
        // It ended between the two looks.
        return '';
      }
    })
    .join('\n');
}

/** Where the secrets lay after an agent had looked for them and before one spoke of them. */
let foundBySearch: Record<string, string[]> = {};

beforeAll(async () => {
  const words = [
    'env',
    'echo "$SHOP_API_KEY"',
    'echo "$SHOP_API_KEY" | rev | rev',
    'cat /proc/*/environ | tr "\\0" "\\n"',
    'cat .gluon.yml',
    'ls -la / /root /home 2>&1',
    'echo "$SHOP_API_KEY" | base64 -w0',
  ];
  const model = await startScriptedModel({
    scenarios: {
      search: [...words.map((word) => bash(word)), say('Searched.')],
      tell: () => [
        bash(`echo ${PROVIDER}; echo ${gluon.token} >&2; echo ${PROJECT}; exit 1`),
        say(`I know ${PROJECT} and ${gluon.token} and ${PROVIDER}. ${DECOY}`, { chunkChars: 7 }),
        bash(`sleep 60; echo ${DECOY}`),
      ],
    },
  });
  gluon = await startGluon({ model, environment: { ANTHROPIC_API_KEY: PROVIDER }, config: 'log_level: debug\n' });
  repository = await sampleRepository();
  await commitFiles(repository, { '.gluon.yml': `env:\n  SHOP_API_KEY: ${PROJECT}\nsetup: echo "with $SHOP_API_KEY"\n` }, 'Project file');
  await gluon.call('projects.add', { name: 'shop', path: repository });
  live = await connectLiveClient(Number(new URL(gluon.address).port), gluon.token);
  const searching = await start('SCENARIO:search');
  runs.push(await untilSettled(gluon, searching.id));
  foundBySearch = {
    provider: holding(PROVIDER, () => false),
    token: holding(gluon.token, () => false),
    project: holding(PROJECT, ownGround),
  };
  const telling = await start('SCENARIO:tell');
  await untilSaid(gluon, telling.id, DECOY);
  commandLines = everyCommandLine();
  await gluon.call('runs.cancel', { run: telling.id });
  runs.push(await untilSettled(gluon, telling.id));
  await gluon.call('system.doctor', { fix: true });
}, 60_000);

async function start(prompt: string): Promise<Run> {
  const made = await gluon.call('runs.create', { project: 'shop', prompt, title: `About ${DECOY}` });
  live.send({ type: 'subscribe', topics: ['board', `run:${made.id}`] });
  return made;
}

afterAll(async () => {
  await live?.close();
  await gluon?.stop();
  await gluon?.model.close();
  await rm(repository, { recursive: true, force: true });
});

/** Files of the home that hold the text, in any of the forms that a shell makes at once. */
function holding(text: string, except: (path: string) => boolean): string[] {
  const forms = [text, Buffer.from(text).toString('base64').replace(/=+$/, ''), Buffer.from(text).toString('hex')];
  return readdirSync(gluon.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(gluon.home, join(entry.parentPath, entry.name)))
    .filter((path) => !except(path))
    .filter((path) => {
      const bytes = readFileSync(join(gluon.home, path));
      return forms.some((form) => bytes.includes(form));
    });
}

/** Where a text holds a secret, for the message of a failure. */
function around(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return at < 0 ? '' : text.slice(Math.max(0, at - 200), at + secret.length);
}

/** What belongs to the agent or is the project's own content: its working copy and the trusted copy of it. */
const ownGround = (path: string): boolean => /^(worktrees|trusted|sessions)\//.test(path);

test('an agent that searched for them found only what is its own', async () => {
  expect(foundBySearch).toEqual({ provider: [], token: ['token'], project: [] });
  const [searching] = runs;
  const outputs = (await messages(gluon, searching?.id ?? '', 'tool_result')).map((record) => String(record.output)).join('\n');
  // It could read its own variable; what was written down of that is redacted.
  expect(outputs).toMatch(/SHOP_API_KEY=\S*redacted/i);
});

test('positive control: the scan finds what is there to be found', async () => {
  expect(holding(DECOY, ownGround)).toEqual(
    expect.arrayContaining([expect.stringMatching(/messages\.jsonl$/), expect.stringMatching(/gluon\.db/)]),
  );
  await writeFile(join(gluon.home, 'planted.bin'), Buffer.concat([Buffer.of(0, 255), Buffer.from(PROVIDER)]));
  expect(holding(PROVIDER, ownGround)).toEqual(['planted.bin']);
  await rm(join(gluon.home, 'planted.bin'));
});

test('the agents did say them: the transcript shows that something was taken out', async () => {
  const [, talking] = runs;
  const said = (await messages(gluon, talking?.id ?? '', 'text')).map((record) => String(record.text)).join('\n');
  expect(said).toMatch(/I know \S*redacted\S* and \S*redacted\S* and \S*redacted/i);
});

test('no log, database, event or transcript holds them, although an agent spoke of them', async () => {
  for (const secret of [PROVIDER, PROJECT]) expect(holding(secret, ownGround)).toEqual([]);
  expect(holding(gluon.token, ownGround)).toEqual(['token']);
});

test('no command line of any process holds them', () => {
  // Positive control: command lines were read.
  expect(commandLines).toContain('bin/gluon');
  for (const secret of [PROVIDER, PROJECT, gluon.token]) expect(commandLines).not.toContain(secret);
});

test('no answer of the API holds them', async () => {
  const ids: Record<string, string[]> = {
    run: runs.map((run) => run.id),
    project: ['shop'],
    key: ['port', 'egress'],
    session: runs.map((run) => run.session_id ?? 'none'),
    workspace: ['none'],
    sha: [runs[0]?.base_commit ?? ''],
    'path*': ['README.md'],
    id: ['0'.repeat(64)],
  };
  const texts: string[] = [];
  for (const name of OPERATION_NAMES.filter((one) => OPERATIONS[one].method === 'GET')) {
    const field = /\{([^}]+)\}/.exec(OPERATIONS[name].path)?.[1];
    for (const value of field === undefined ? [''] : (ids[field] ?? ['x'])) {
      let path = OPERATIONS[name].path.replace(/\{[^}]+\}/, value);
      for (const [other, [first = '']] of Object.entries(ids)) path = path.replace(`{${other}}`, first);
      texts.push(JSON.stringify((await gluon.raw('GET', path)).body));
    }
  }
  const all = texts.join('\n');
  expect(all).toContain(DECOY);
  expect(texts.length).toBeGreaterThan(40);
  for (const secret of [PROVIDER, PROJECT, gluon.token]) expect(around(all, secret)).toBe('');
});

test('what was sent over the live connection holds none of them', () => {
  const all = JSON.stringify(live.messages);
  expect(all).toContain(DECOY);
  for (const secret of [PROVIDER, PROJECT, gluon.token]) expect(around(all, secret)).toBe('');
});

test('what the commands print holds none of them', async () => {
  const [real, talking] = runs.map((run) => run.id);
  const outputs: string[] = [];
  for (const argv of [
    ['show', talking],
    ['logs', talking],
    ['logs', real],
    ['logs', talking, '--stream', 'stdout'],
    ['logs', 'server'],
    ['activity'],
    ['status'],
    ['doctor'],
  ]) {
    const { stdout, stderr } = await gluon.cli(...argv.map(String));
    outputs.push(stdout, stderr);
  }
  expect(outputs.join('\n')).toContain(DECOY);
  for (const secret of [PROVIDER, PROJECT, gluon.token]) expect(around(outputs.join('\n'), secret)).toBe('');
});

test('the provider’s key was used: it reached the model, from the gateway alone', async () => {
  expect(gluon.model.requests.length).toBeGreaterThan(0);
  for (const request of gluon.model.requests) expect(request.credential.value).toContain(PROVIDER);
  expect((await readFile(join(gluon.home, 'token'), 'utf8')).trim()).toBe(gluon.token);
});
