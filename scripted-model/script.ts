/** Finds the step of a script for a request. */
import { FALLBACK, SUMMARY } from './conversation.ts';
import { LIBRARY } from './scenarios/library.ts';
import { say } from './steps.ts';
import type { Context, Outcome, Scenario, Scenarios } from './types.ts';

/** An unknown name is answered as the real API answers a mistake, so that a typing error in a test is seen at once. */
export function chooseOutcome(context: Context, own: Scenarios): Outcome {
  const scenario = named(own, context.scenario) ?? named(LIBRARY, context.scenario);
  if (scenario === undefined) {
    const known = [...Object.keys(own), ...Object.keys(LIBRARY)].filter((name) => name !== FALLBACK && name !== SUMMARY).sort();
    return {
      status: 400,
      errorType: 'invalid_request_error',
      message: `There is no scenario "${context.scenario}". There are: ${known.join(', ')}.`,
    };
  }
  const steps = typeof scenario === 'function' ? scenario(context) : scenario;
  const step = steps[context.step];
  if (step === undefined) return say('Done.');
  return typeof step === 'function' ? step(context) : step;
}

/** Only what the table itself holds: a marker may carry any word, also one that every object knows. */
function named(scenarios: Scenarios, name: string): Scenario | undefined {
  return Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
}

/** Requests seen per step of a session: what makes "fail twice, then answer" possible. Bounded. */
export function newTries(): { count(key: string): number } {
  const seen = new Map<string, number>();
  return {
    count(key) {
      const count = (seen.get(key) ?? 0) + 1;
      seen.delete(key);
      seen.set(key, count);
      if (seen.size > 10_000) seen.delete(seen.keys().next().value ?? '');
      return count;
    },
  };
}
