/** Answers that the gateway gives itself, in the shape of the provider's errors. */
import type { ServerResponse } from 'node:http';
import { type RefusalCode, refusalText } from '../../../core/money/refusal-text.ts';

interface RefusalShape {
  readonly status: number;
  /** `error.type` of the provider's API. */
  readonly type: string;
  /** May the agent try again? Refusals that would come back the same are 400: agents end at once on it. */
  readonly retry: boolean;
}

const SHAPES: Record<RefusalCode, RefusalShape> = {
  unauthenticated: { status: 401, type: 'authentication_error', retry: false },
  host_refused: { status: 421, type: 'invalid_request_error', retry: false },
  not_found: { status: 404, type: 'not_found_error', retry: false },
  bad_request: { status: 400, type: 'invalid_request_error', retry: false },
  too_large: { status: 413, type: 'request_too_large', retry: false },
  too_many_calls: { status: 429, type: 'rate_limit_error', retry: true },
  budget: { status: 400, type: 'invalid_request_error', retry: false },
  price_unknown: { status: 400, type: 'invalid_request_error', retry: false },
  model_not_allowed: { status: 400, type: 'invalid_request_error', retry: false },
  server_tools: { status: 400, type: 'invalid_request_error', retry: false },
  stopped: { status: 400, type: 'invalid_request_error', retry: false },
  credential_missing: { status: 400, type: 'invalid_request_error', retry: false },
  circuit_open: { status: 400, type: 'invalid_request_error', retry: false },
  upstream_unreachable: { status: 502, type: 'api_error', retry: true },
  upstream_timeout: { status: 504, type: 'timeout_error', retry: true },
  upstream_invalid: { status: 502, type: 'api_error', retry: true },
  internal: { status: 500, type: 'api_error', retry: true },
};

/** `code` is told to programs in the header `x-gluon-refusal`, and stands in the text that agents repeat. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  readonly code: RefusalCode;

  constructor(code: RefusalCode, sentence: string) {
    super(sentence);
    this.code = code;
  }

  get status(): number {
    return SHAPES[this.code].status;
  }
}

/** Sends a refusal, or cuts the connection when the answer has begun already. The request's body is not read any further. */
export function sendRefusal(res: ServerResponse, refusal: Refusal): void {
  if (res.headersSent || res.destroyed) {
    res.destroy();
    return;
  }
  const shape = SHAPES[refusal.code];
  const body = JSON.stringify({ type: 'error', error: { type: shape.type, message: refusalText(refusal.code, refusal.message) } });
  res.writeHead(shape.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'x-gluon-refusal': refusal.code,
    'x-should-retry': String(shape.retry),
    ...(refusal.code === 'too_many_calls' ? { 'retry-after': '1' } : {}),
    // What the agent goes on sending would be taken for its next request.
    ...(res.req.complete ? {} : { connection: 'close' }),
  });
  res.end(body);
}
