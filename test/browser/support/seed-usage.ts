/** A month of model calls, settled as the gateway would have: for views of money. */
import { join } from 'node:path';
import { openSqliteStore } from '../../../src/adapters/store/sqlite/open.ts';
import { newId } from '../../../src/adapters/store/sqlite/rows.fixture.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import type { RunRow } from '../../../src/ports/store.ts';
import type { Seeded } from './seed.ts';

const DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
/** Cost of a working day, by model; the last one has no price. */
const MODELS = [
  ['claude-opus-4-5', 8],
  ['claude-sonnet-4-5', 9],
  ['claude-haiku-4-5', 0.6],
  ['gpt-6-codex', 1.6],
  ['a-model-of-our-own', null],
] as const;

/** Before the server starts. The same figures at each call, save for the dates. */
export async function seedUsage(home: string, seeded: Seeded): Promise<void> {
  const clock = systemClock();
  const store = await openSqliteStore({ path: join(home, 'gluon.db'), clock, log: silentLog() });
  try {
    // The run that the pictures show keeps the figures that it has.
    const ids = Object.entries(seeded.runs).flatMap(([title, id]) => (title === 'Show and revoke active sessions' ? [] : [id]));
    const runs = (await Promise.all(ids.map((id) => store.run(id)))).filter((run): run is RunRow => run !== null);
    await store.transaction(async (tx) => {
      for (let back = DAYS - 1; back >= 0; back -= 1) {
        const at = new Date(clock.nowMs() - back * DAY_MS);
        const weekend = at.getUTCDay() % 6 === 0;
        for (const [index, [model, cost]] of MODELS.entries()) {
          const run = runs[(back * 3 + index * 5) % runs.length];
          if (run === undefined || (weekend && index > 1)) continue;
          const share = weekend ? 0.15 : 0.6 + (((back + 3) * (index + 5)) % 9) / 11;
          await tx.insertModelCall({
            id: newId(),
            run_id: run.id,
            project_id: run.project_id,
            attempt_id: newId(),
            at: at.toISOString(),
            provider: 'anthropic',
            model,
            state: 'settled',
            reserved_usd: 0,
            cost_usd: cost === null ? null : cost * share,
            input_tokens: Math.round(14_000 * share),
            output_tokens: Math.round(9_000 * share),
            cache_read_tokens: Math.round(900_000 * share),
            cache_write_tokens: Math.round(30_000 * share),
            status: 200,
            latency_ms: 2_400,
            wait_ms: 0,
          });
        }
      }
    });
  } finally {
    await store.close();
  }
}
