/** What the page asks beside the board: login, completion, search, usage over time, notifications of browsers. */
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/contract/resources.ts';
import type { SearchHit } from '../../src/contract/web-resources.ts';
import { browserDoor } from '../support/browser-door.ts';
import { type Gluon, startGluon } from '../support/gluon.ts';
import { browser } from '../support/push-service.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { eventually, finished, refusal, untilSettled } from '../support/runs.ts';

let gluon: Gluon;
let repository: string;
let real: Run;

beforeAll(async () => {
  gluon = await startGluon();
  repository = await sampleRepository({
    'src/cart/cart.ts': 'x\n',
    'src/cart/cart.test.ts': 'x\n',
    'docs/cartography.md': 'x\n',
    '.claude/commands/git/review.md': '---\ndescription: Review the change\nargument-hint: [file]\n---\nDo it.\n',
    '.claude/skills/pdf/SKILL.md': '---\nname: pdf\ndescription: Fill forms\n---\n',
    '.claude/commands/huge.md': 'x'.repeat(100_000),
  });
  await gluon.call('projects.add', { name: 'shop', path: repository });
  const made = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:edit{"file":"a.txt"}' });
  real = await untilSettled(gluon, made.id);
}, 60_000);
afterAll(async () => {
  await gluon?.stop();
  await rm(repository, { recursive: true, force: true });
});

test('gluon web logs a browser in, once', async () => {
  const shown = await gluon.json<{ url: string }>('web');
  expect((await gluon.call('auth.login_link', {})).url).not.toBe(shown.url);
  const door = browserDoor(gluon.address);
  const login = await door.fetch('POST', '/auth/login', { code: shown.url.split('#code=')[1] });
  expect(login.status).toBe(200);
  door.csrf = String(login.body.csrf);
  const session = await door.fetch('GET', '/auth/session');
  expect(session.body).toEqual(login.body);
  expect((await door.fetch('POST', '/auth/logout', {})).status).toBe(200);
  expect((await door.fetch('GET', '/auth/session')).status).toBe(401);
  const text = await gluon.cli('web');
  expect(text.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#code=[\w-]{43}\n/);
});

test('files are completed by some of their letters, commands with what their authors say of them', async () => {
  const files = async (query: string, limit = 5) => (await gluon.call('projects.files', { project: 'shop', query, limit })).items;
  expect((await files('cart')).slice(0, 2)).toEqual(['src/cart/cart.ts', 'src/cart/cart.test.ts']);
  expect(await files('ctst', 1)).toEqual(['src/cart/cart.test.ts']);
  expect((await gluon.call('projects.files', { project: 'shop', prefix: 'docs/' })).items).toEqual(['docs/cartography.md']);
  await git(repository, 'mv', 'docs/cartography.md', 'docs/cartwheel.md');
  await git(repository, 'commit', '-qm', 'Moved');
  expect(await files('cartw')).toEqual(['docs/cartwheel.md']);

  const commands = await eventually(async () => {
    const { items } = await gluon.call('projects.commands', { project: 'shop' });
    return items.some((command) => command.source === 'agent') ? items : null;
  }, 'what the agent named at its start');
  expect(commands).toEqual(
    expect.arrayContaining([
      { name: 'review', source: 'project', description: 'Review the change', argument_hint: '[file]' },
      { name: 'pdf', source: 'skill', description: 'Fill forms', argument_hint: null },
    ]),
  );
  const names = commands.map((command) => command.name);
  expect(names).toEqual([...names].sort());
  // Too large to be one.
  expect(commands.filter((command) => command.source !== 'agent').map((command) => command.name)).not.toContain('huge');
}, 30_000);

test('search finds runs and what was said in them, page by page', async () => {
  const first = await finished(gluon, 'shop', 'say The walrus ate an <b>oyster</b> & left', {
    title: 'About walruses',
    branch: 'ocean/walrus-1',
  });
  const more = await finished(gluon, 'shop', Array.from({ length: 12 }, (_, index) => `say oyster number ${index}`).join('\n'));
  const find = async (q: string, more: { limit?: number; cursor?: string } = {}) => gluon.call('search.query', { q, ...more });
  const found = (q: string, wanted: (hits: SearchHit[]) => boolean) =>
    eventually(async () => {
      const { items } = await find(q);
      return wanted(items) ? items : null;
    }, `hits for "${q}"`);

  const hits = await found('oyster WALRUS', (items) => items.some((hit) => hit.kind === 'message' && hit.field === 'text'));
  const said = hits.find((hit) => hit.field === 'text');
  expect(said).toMatchObject({ run_id: first.id, project: 'shop', run_title: 'About walruses', status: 'review', archived: false });
  expect(said?.snippet).toBe('The walrus ate an <b>oyster</b> & left');
  expect(said?.marks.map(([from, to]) => said.snippet.slice(from, to))).toEqual(['walrus', 'oyster']);
  const record = await gluon.call('runs.message', { run: first.id, seq: said?.seq ?? 0 });
  expect(record.text).toBe(said?.snippet);

  for (const [q, field] of [
    ['About walruses', 'title'],
    ['ocean/wal', 'branch'],
    [first.id.slice(0, 12), 'id'],
    ['ate an', 'prompt'],
  ] as const)
    expect((await find(q)).items.find((hit) => hit.kind === 'run' && hit.run_id === first.id)?.field, q).toBe(field);

  await found('oyster number', (items) => items.filter((hit) => hit.field === 'text').length === 12);
  const seen: string[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 20; pages += 1) {
    const page: { items: SearchHit[]; next_cursor: string | null } = await find('oyster', {
      limit: 4,
      ...(cursor === '' ? {} : { cursor }),
    });
    seen.push(...page.items.filter((hit) => hit.kind === 'message').map((hit) => `${hit.run_id} ${hit.seq}`));
    cursor = page.next_cursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.filter((place) => place.startsWith(more.id)).length).toBeGreaterThanOrEqual(12);
  for (const q of ['"', '*', 'NEAR(', 'text:oyster OR', "'; drop table runs", '\\', '%']) expect((await find(q)).items).toBeDefined();
  expect((await refusal(gluon, 'GET', '/search?q=oyster&cursor=x')).code).toBe('bad_request');
  expect((await refusal(gluon, 'GET', '/search?q=%20')).status).toBe(400);
}, 60_000);

test('what was not indexed when the server was killed is found after the next start', async () => {
  const own = await startGluon();
  try {
    await own.call('projects.add', { name: 'shop', path: repository });
    const run = await finished(own, 'shop', 'say platypus');
    await own.kill();
    const next = await own.restart();
    await eventually(async () => {
      const { items } = await next.call('search.query', { q: 'platypus' });
      return items.some((hit) => hit.run_id === run.id && hit.field === 'text');
    }, 'the words of before the kill');
    await next.stop();
  } finally {
    await own.stop();
  }
}, 60_000);

test('usage over time adds up to what the run has cost', async () => {
  const usage = await gluon.call('runs.usage', { run: real.id });
  expect(usage).toMatchObject({ cost_usd: real.cost_usd, model_calls: real.model_calls });
  const tokens = Object.fromEntries(usage.by_kind.map((part) => [part.kind, part.tokens]));
  expect(tokens).toEqual({
    input: real.input_tokens,
    cache_read: real.cache_read_tokens,
    cache_write: real.cache_write_tokens,
    output: real.output_tokens,
  });
  expect(usage.by_kind.reduce((sum, part) => sum + (part.cost_usd ?? 0), 0)).toBeCloseTo(real.cost_usd ?? 0, 9);
  expect(usage.by_model.reduce((sum, model) => sum + (model.cost_usd ?? 0), 0)).toBeCloseTo(real.cost_usd ?? 0, 9);
  const series = await gluon.call('usage.run_series', { run: real.id });
  expect(series.items.length).toBeLessThanOrEqual(60);
  expect(series.items.reduce((sum, bucket) => sum + bucket.cost_usd, 0)).toBeCloseTo(real.cost_usd ?? 0, 9);
  for (const by of ['model', 'project'] as const) {
    const days = await gluon.call('usage.series', { days: 7, by });
    expect(days.items.reduce((sum, point) => sum + point.cost_usd, 0)).toBeCloseTo(real.cost_usd ?? 0, 9);
    expect(days.items.every((point) => point.day >= days.from && point.day <= days.to)).toBe(true);
    if (by === 'project') expect(new Set(days.items.map((point) => point.key))).toEqual(new Set(['shop']));
  }
  expect((await gluon.call('usage.series', { project: 'shop', days: 1 })).items.length).toBeGreaterThan(0);
});

test('browsers subscribe to notifications; addresses inside the own network do not', async () => {
  const { public_key } = await gluon.call('push.key', {});
  expect(Buffer.from(public_key, 'base64url')).toHaveLength(65);
  const file = join(gluon.home, 'push.json');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(public_key);
  const keys = (({ p256dh, auth }) => ({ p256dh, auth }))(browser('https://push.example').target);
  for (const endpoint of ['https://127.0.0.1/x', 'http://93.184.216.34/x', 'https://[::1]/x', 'https://localhost/x', gluon.address])
    expect((await refusal(gluon, 'POST', '/push/subscribe', { endpoint, keys })).code, endpoint).toBe('push_endpoint_invalid');
  const endpoint = 'https://93.184.216.34/x';
  await gluon.call('push.subscribe', { endpoint, keys, expirationTime: null });
  await gluon.call('push.unsubscribe', { endpoint });
  expect(await gluon.call('push.test', {})).toEqual({ sent: 0, failed: 0, removed: 0 });
  const tried = await gluon.cli('notify', 'test');
  expect([tried.code, tried.stdout]).toEqual([0, expect.stringContaining('No browser gets notifications yet')]);
  const events = (await gluon.call('activity.list', { limit: 10 })).items;
  expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(['push.subscribed', 'push.unsubscribed']));
  // The rest of an endpoint is the browser's secret.
  expect(JSON.stringify(events)).not.toContain(endpoint);
});
