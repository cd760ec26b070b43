/**
 * The Witness: rules that say how a running run is, from recorded facts. It costs no tokens. The windows are kept by whoever feeds it, so
 * a look costs the same however long the run is.
 */

export const HEALTH_CLASSES = ['healthy', 'slow', 'looping', 'stuck', 'zombie', 'waiting'] as const;
export type Health = (typeof HEALTH_CLASSES)[number];

export interface WitnessFacts {
  readonly nowMs: number;
  /** What the run waits for (capacity, slot, input, budget, …); null when it waits for nothing. */
  readonly waitingFor: string | null;
  readonly processAlive: boolean;
  /** Last sign of life: output of the process, or a model call that began, is running or ended. */
  readonly lastSignMs: number;
  /** Time since the attempt's last progress (a changed file, a ticked todo, a new target of a tool), without the time that it waited. */
  readonly idleActiveMs: number;
  /** A loop: iterations in a row without a changed file or commit. Null for a single attempt. */
  readonly staleIterations: number | null;
  /** Keys of the last tool calls (`toolCallKey`), oldest first; more than `RULES.calls` are ignored. */
  readonly calls: readonly string[];
  /** Keys of the last errors, oldest first. */
  readonly errors: readonly string[];
  /** Median active time between two steps of progress of past runs of this profile; null while there are fewer than 10. */
  readonly medianProgressMs: number | null;
}

export interface Diagnosis {
  readonly health: Health;
  /** One sentence with the facts that made it, for the strip of the card. */
  readonly why: string;
}

export interface WitnessRules {
  readonly silentMs: number;
  readonly staleIterations: number;
  readonly idleMs: number;
  readonly calls: number;
  readonly sameCall: number;
  readonly cycleLength: number;
  readonly cycleTimes: number;
  readonly sameError: number;
  readonly slowTimes: number;
  readonly slowWithoutHistoryMs: number;
}

const MINUTE = 60_000;
export const WITNESS_RULES: WitnessRules = {
  silentMs: 5 * MINUTE,
  staleIterations: 5,
  idleMs: 15 * MINUTE,
  calls: 20,
  sameCall: 5,
  cycleLength: 4,
  cycleTimes: 4,
  sameError: 4,
  slowTimes: 3,
  slowWithoutHistoryMs: 5 * MINUTE,
};

/** The first rule that holds. A run that waits is never called slow, stuck or a zombie. */
export function diagnose(facts: WitnessFacts, rules: WitnessRules = WITNESS_RULES): Diagnosis {
  if (facts.waitingFor !== null) return { health: 'waiting', why: `It waits for ${facts.waitingFor}.` };
  return zombie(facts, rules) ?? stuck(facts, rules) ?? looping(facts, rules) ?? slow(facts, rules) ?? { health: 'healthy', why: '' };
}

function zombie(facts: WitnessFacts, rules: WitnessRules): Diagnosis | null {
  if (!facts.processAlive) return { health: 'zombie', why: 'Its process is gone.' };
  const silentMs = facts.nowMs - facts.lastSignMs;
  return silentMs >= rules.silentMs ? { health: 'zombie', why: `${minutes(silentMs)} without output and without a model call.` } : null;
}

function stuck(facts: WitnessFacts, rules: WitnessRules): Diagnosis | null {
  if (facts.staleIterations !== null) {
    const stale = facts.staleIterations;
    return stale >= rules.staleIterations
      ? { health: 'stuck', why: `${stale} iterations in a row without a changed file or commit.` }
      : null;
  }
  return facts.idleActiveMs >= rules.idleMs
    ? { health: 'stuck', why: `${minutes(facts.idleActiveMs)} without a changed file, a todo or a new target.` }
    : null;
}

function looping(facts: WitnessFacts, rules: WitnessRules): Diagnosis | null {
  const calls = facts.calls.slice(-rules.calls);
  const [most, times] = mostFrequent(calls);
  if (times >= rules.sameCall) return { health: 'looping', why: `${times} × ${shown(most)} in the last ${calls.length} calls.` };
  const cycle = repeatedCycle(calls, rules);
  if (cycle !== null) return { health: 'looping', why: `${rules.cycleTimes} × in a row: ${cycle.map(shown).join(', ')}.` };
  const errors = sameAtEnd(facts.errors);
  return errors >= rules.sameError ? { health: 'looping', why: `The same error ${errors} times.` } : null;
}

function slow(facts: WitnessFacts, rules: WitnessRules): Diagnosis | null {
  const usual = facts.medianProgressMs;
  const limit = usual === null ? rules.slowWithoutHistoryMs : rules.slowTimes * usual;
  if (facts.idleActiveMs <= limit) return null;
  const compared = usual === null || usual === 0 ? '' : `, ${(facts.idleActiveMs / usual).toFixed(1)} × the median`;
  return { health: 'slow', why: `${minutes(facts.idleActiveMs)} since the last progress${compared}.` };
}

/** A run of equal steps at the end that is made of one cycle, again and again. */
function repeatedCycle(calls: readonly string[], rules: WitnessRules): readonly string[] | null {
  for (let length = 2; length <= rules.cycleLength; length += 1) {
    const needed = length * rules.cycleTimes;
    if (calls.length < needed) return null;
    const end = calls.slice(-needed);
    if (end.every((call, index) => call === end[index % length])) return end.slice(0, length);
  }
  return null;
}

function mostFrequent(keys: readonly string[]): [key: string, times: number] {
  const times = new Map<string, number>();
  let most: [string, number] = ['', 0];
  for (const key of keys) {
    const count = (times.get(key) ?? 0) + 1;
    times.set(key, count);
    if (count > most[1]) most = [key, count];
  }
  return most;
}

function sameAtEnd(keys: readonly string[]): number {
  const last = keys.at(-1);
  let count = 0;
  for (let at = keys.length - 1; at >= 0 && keys[at] === last; at -= 1) count += 1;
  return count;
}

function minutes(ms: number): string {
  return `${Math.floor(ms / MINUTE)} min`;
}

const LONGEST_SHOWN = 60;
function shown(key: string): string {
  return key.length <= LONGEST_SHOWN ? key : `${key.slice(0, LONGEST_SHOWN - 1)}…`;
}
