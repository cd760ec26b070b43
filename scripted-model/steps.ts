/** Short words for writing scripts. */
import type { Answer, Block, Context, Failure, Hang, Outcome, Step } from './types.ts';

type Extra = Omit<Answer, 'blocks'>;

export function say(text: string, extra: Extra = {}): Answer {
  return { blocks: [{ type: 'text', text }], ...extra };
}

export function think(thought: string, text: string, extra: Extra = {}): Answer {
  return {
    blocks: [
      { type: 'thinking', text: thought },
      { type: 'text', text },
    ],
    ...extra,
  };
}

/** A tool call, with a sentence before it when `text` is given. */
export function call(name: string, input: unknown, text?: string, extra: Extra = {}): Answer {
  const blocks: Block[] = [{ type: 'tool_use', name, input }];
  return { blocks: text === undefined ? blocks : [{ type: 'text', text }, ...blocks], ...extra };
}

/** Several calls in one answer. */
export function calls(...list: [name: string, input: unknown][]): Answer {
  return { blocks: list.map(([name, input]) => ({ type: 'tool_use', name, input })) };
}

export function bash(command: string, text?: string, extra: Extra & { timeout?: number; run_in_background?: boolean } = {}): Answer {
  const { timeout, run_in_background, ...rest } = extra;
  return call(
    'Bash',
    { command, description: 'scripted', ...(timeout && { timeout }), ...(run_in_background && { run_in_background }) },
    text,
    rest,
  );
}

export function question(...questions: { question: string; header: string; options: string[]; multiSelect?: boolean }[]): Answer {
  return call('AskUserQuestion', {
    questions: questions.map((item) => ({
      question: item.question,
      header: item.header,
      multiSelect: item.multiSelect ?? false,
      options: item.options.map((label) => ({ label, description: `Take ${label}` })),
    })),
  });
}

export function fail(status: number, errorType: string, message: string, headers: Record<string, string> = {}): Failure {
  return { status, errorType, message, headers };
}

/** 429; a client that obeys waits `retryAfterSeconds`. */
export function rateLimit(retryAfterSeconds: number | null, message = 'This request would exceed your rate limit.'): Failure {
  return fail(429, 'rate_limit_error', message, retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) });
}

/** The headers by which a subscription tells of its windows. `resetsAt` in epoch seconds. */
export function unifiedHeaders(
  status: 'allowed' | 'allowed_warning' | 'rejected',
  resetsAt: number,
  utilization: number,
): Record<string, string> {
  return {
    'anthropic-ratelimit-unified-status': status,
    'anthropic-ratelimit-unified-reset': String(resetsAt),
    'anthropic-ratelimit-unified-representative-claim': 'five_hour',
    'anthropic-ratelimit-unified-5h-status': status,
    'anthropic-ratelimit-unified-5h-reset': String(resetsAt),
    'anthropic-ratelimit-unified-5h-utilization': String(utilization),
    'anthropic-ratelimit-unified-overage-status': 'rejected',
  };
}

export const overloaded: Failure = fail(529, 'overloaded_error', 'Overloaded');
export const serverError: Failure = fail(500, 'api_error', 'Internal server error');
export const unauthenticated: Failure = fail(401, 'authentication_error', 'invalid x-api-key');
export const creditTooLow: Failure = fail(
  400,
  'invalid_request_error',
  'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
);
export const tooLong: Failure = fail(400, 'invalid_request_error', 'prompt is too long: 250000 tokens > 200000 maximum');
export const hang: Hang = { hang: true };

/** The first `times` requests of this step meet `first`, later ones `then`. */
export function firstly(times: number, first: Outcome, then: Step): Step {
  return (context: Context) => {
    if (context.attempt <= times) return first;
    return typeof then === 'function' ? then(context) : then;
  };
}
