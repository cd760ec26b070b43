/** What would fill the disk in the long run goes by itself, in pieces; what people still need stays, and so do the sums. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { startScriptedModel } from '../../scripted-model/server.ts';
import { startGluon, temporaryFolder } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { untilSettled } from '../support/runs.ts';

const DAY_MS = 86_400_000;
const daysAgo = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

/** With the server down: the past that a test cannot wait for. */
function inThePast(home: string, work: (database: Database.Database) => void): void {
  const database = new Database(join(home, 'gluon.db'));
  work(database);
  database.close();
}

const old = (database: Database.Database) => ({
  keys: database.prepare("select count(*) from idempotent_answers where key like 'old%'").pluck().get(),
  events: database.prepare("select count(*) from events where actor = 'old'").pluck().get(),
});

test('runs go after their days on the books, with everything about them; sums, branches and younger runs stay', {
  timeout: 180_000,
}, async () => {
  const home = await temporaryFolder('home');
  const repository = await sampleRepository();
  const model = await startScriptedModel();
  let gluon = await startGluon({ home, model });
  const look = () => {
    const database = new Database(join(home, 'gluon.db'), { readonly: true });
    try {
      return old(database);
    } finally {
      database.close();
    }
  };
  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    const end = performance.now() + 20_000;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error('waited in vain');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  try {
    await gluon.call('projects.add', { name: 'shop', path: repository });
    const ids: string[] = [];
    for (const status of ['cancelled', 'cancelled', 'completed'] as const) {
      const run = await gluon.call('runs.create', { project: 'shop', prompt: 'SCENARIO:edit{"file":"a.txt"}' });
      expect((await untilSettled(gluon, run.id)).status).toBe('review');
      await gluon.call('runs.move', { run: run.id, status });
      ids.push(run.id);
    }
    const [over = '', young = '', completed = ''] = ids;
    const { branch_name: branch } = await gluon.call('runs.get', { run: over });
    const sums = async () => [await gluon.call('usage.by_model', {}), await gluon.call('usage.by_day', {})];
    const before = await sums();
    expect(JSON.stringify(before)).toMatch(/"model_calls":[1-9]/);
    await gluon.stop();
    // Their working copies went long ago, and what was rescued of them too.
    await rm(join(home, 'worktrees'), { recursive: true, force: true });
    inThePast(home, (database) => {
      database.prepare(`update runs set worktree_state = 'removed'`).run();
      const end = database.prepare('update runs set settled_at = ? where id = ?');
      end.run(daysAgo(15), over);
      end.run(daysAgo(13), young);
      end.run(daysAgo(15), completed);
      const event = database.prepare("insert into events (type, payload, actor, at) values ('server.stopped', '{}', 'old', ?)");
      const key = database.prepare("insert into idempotent_answers values ('old-' || ?, '', 200, '{}', ?)");
      database.transaction(() => {
        database.prepare('update events set at = ? where run_id is null').run(daysAgo(41));
        for (let index = 0; index < 1_500; index += 1) {
          event.run(daysAgo(40));
          key.run(index, Date.now() - 2 * DAY_MS);
        }
      })();
    });

    gluon = await gluon.restart();
    await until(() => (look().events as number) < 1_500);
    // One piece of it, and the rest with the next.
    expect(look().keys).toBe(500);
    expect(look().events).toBeGreaterThan(0);
    expect((await gluon.raw('GET', `/runs/${over}`)).status).toBe(404);
    for (const id of [young, completed]) expect((await gluon.raw('GET', `/runs/${id}`)).status).toBe(200);
    expect(await sums()).toEqual(before);
    expect(await git(repository, 'branch', '--list', branch ?? '')).toContain(branch);
    const { items } = await gluon.call('activity.list', { type: 'run.forgotten' });
    expect(items.map((event) => event.payload)).toMatchObject([{ run: over, why: 'cancelled more than 14 days ago' }]);

    await gluon.call('settings.set', { key: 'retention.automatic', value: false });
    await gluon.stop();
    inThePast(home, (database) => database.prepare('update runs set settled_at = ? where id = ?').run(daysAgo(15), young));
    gluon = await gluon.restart();
    // What is pruned after the runs is gone: the runs had their turn.
    await until(() => look().events === 0);
    expect((await gluon.raw('GET', `/runs/${young}`)).status).toBe(200);
    expect((await gluon.call('cleanup.run', {})).items.filter((item) => item.kind === 'run')).toMatchObject([{ id: young }]);
  } finally {
    await gluon.stop();
    await model.close();
    for (const folder of [home, repository]) await rm(folder, { recursive: true, force: true });
  }
});
