/** Scenarios in which the provider, the connection or the model lets the agent down. */
import {
  bash,
  creditTooLow,
  fail,
  firstly,
  hang,
  overloaded,
  rateLimit,
  say,
  serverError,
  tooLong,
  unauthenticated,
  unifiedHeaders,
} from '../steps.ts';
import type { Context, Scenarios, Step } from '../types.ts';
import { numberArg } from './arguments.ts';

const FINE = say('It worked in the end.');

/** How often it fails before it works; the default is more than any client tries. */
function times(context: Context): number {
  return numberArg(context.args, 'times', 1_000, 1_000);
}

/** After a tool call, so that there is a session to go on with. */
function late(step: Step): Step[] {
  return [bash('echo first'), step];
}

export const failureScenarios: Scenarios = {
  rate_limit: (context) => [firstly(times(context), rateLimit(numberArg(context.args, 'retry_after', 1, 1_000_000)), FINE)],
  unified_limit: (context) => {
    const resetsAt = numberArg(context.args, 'resets_at', 4_102_444_800, 10_000_000_000);
    return [
      fail(429, 'rate_limit_error', 'This request would exceed your rate limit.', {
        ...unifiedHeaders('rejected', resetsAt, 1),
        'retry-after': '7200',
      }),
    ];
  },
  unified_warning: (context) => [
    say('Nearly at the limit.', {
      headers: unifiedHeaders('allowed_warning', numberArg(context.args, 'resets_at', 4_102_444_800, 10_000_000_000), 0.93),
    }),
  ],
  overloaded: (context) => [firstly(times(context), overloaded, FINE)],
  server_error: (context) => [firstly(times(context), serverError, FINE)],
  unauthenticated: [unauthenticated],
  credit: [creditTooLow],
  money_cap: late(fail(400, 'invalid_request_error', 'Gluon [budget]: The money cap of this run is reached: $1.0012 of $1 are spent.')),
  unknown_model: [fail(404, 'not_found_error', 'model: no-such-model')],
  too_long: [tooLong],
  /** Too long in the middle of the work, until the conversation is summarised. */
  too_long_late: [bash('echo one'), bash('echo two'), (context) => (context.compacted ? FINE : tooLong)],
  /** Refuses again when it is asked again. */
  refusal: Array.from({ length: 20 }, () => say('I cannot', { stopReason: 'refusal' })),
  max_tokens: [say('This is cut', { stopReason: 'max_tokens' }), say(' and goes on.')],
  max_tokens_forever: Array.from({ length: 20 }, () => say('This is cut', { stopReason: 'max_tokens' })),
  hang: (context) => [firstly(times(context), hang, FINE)],
  stall: (context) => [firstly(times(context), say('Half of it', { damage: { kind: 'stall', after: 3 } }), FINE)],
  cut: (context) => [firstly(times(context), say('Half of it', { damage: { kind: 'cut', after: 3 } }), FINE)],
  truncated: (context) => [firstly(times(context), say('Half of it', { damage: { kind: 'truncate', after: 3 } }), FINE)],
  duplicate: [say('Once', { damage: { kind: 'duplicate' } })],
  unknown_events: [say('Known words among unknown events.', { damage: { kind: 'unknown_events' } })],
};
