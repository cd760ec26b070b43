/** A program for tests: opens the database of the first argument and is killed after that many statements of its migrations. */
import { systemClock } from '../../system/clock.ts';
import { silentLog } from '../../system/log.ts';
import { MIGRATIONS } from './migrations/all.ts';
import { openSqliteStore } from './open.ts';

const [path = '', last = '0'] = process.argv.slice(2);
let left = Number(last);

/** Statements are read one by one: taking the next one means that the one before has run. */
function* counted(statements: readonly string[]): Generator<string> {
  for (const statement of statements) {
    yield statement;
    left -= 1;
    if (left === 0) process.kill(process.pid, 'SIGKILL');
  }
}

// The first migration has run already and does not count.
const migrations = MIGRATIONS.map(({ name, statements }) => ({
  name,
  statements: { [Symbol.iterator]: () => counted(statements) } as unknown as readonly string[],
}));
await openSqliteStore({ path, clock: systemClock(), log: silentLog(), migrations });
