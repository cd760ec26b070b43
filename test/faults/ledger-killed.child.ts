/** Reserves a call in the ledger of the database named on the command line, then dies as by `kill -9`. */
import { openSqliteStore } from '../../src/adapters/store/sqlite/open.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { silentLog } from '../../src/adapters/system/log.ts';
import { systemRandom } from '../../src/adapters/system/random.ts';
import { meterModelCalls } from '../../src/services/meter-model-calls.ts';

const [path = '', grant = '{}', settles = 'no'] = process.argv.slice(2);
const clock = systemClock();
const store = await openSqliteStore({ path, clock, log: silentLog() });
const meter = meterModelCalls({
  store,
  bus: { publish: () => {}, subscribe: () => () => {} },
  settings: { get: (() => ({})) as never },
  clock,
  random: systemRandom(),
  log: silentLog(),
  redact: (text: string) => text,
  onSeen: () => {},
  onRateLimited: () => {},
});
const request = { provider: 'anthropic', model: 'claude-sonnet-5', inputBytes: 30_000, maxOutputTokens: 1_000 } as const;
const reservation = await meter.reserve(JSON.parse(grant), request);
if (reservation.kind !== 'granted') process.exit(3);
const usage = { inputTokens: 500, outputTokens: 250, cacheReadTokens: 0, cacheWriteTokens: 0 };
const end = { usage, model: request.model, status: 200, latencyMs: 1, waitMs: 0 };
if (settles === 'yes') await meter.settle(reservation.callId, end);
process.kill(process.pid, 'SIGKILL');
