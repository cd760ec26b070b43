/** One call of an agent: decide, reserve, forward, meter, settle. Whatever happens on the way, it is settled once. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallRequest, CallUsage, Credential, Credentials, Meter, TokenGrant } from '../../../ports/gateway.ts';
import type { Clock, Log } from '../../../ports/system.ts';
import { readHeldBack } from './held-back.ts';
import type { GatewayLimits } from './limits.ts';
import { redaction, worthHiding } from './redaction.ts';
import { Refusal } from './refusal.ts';
import { relay } from './relay.ts';
import { readBody } from './request-body.ts';
import { type RequestFields, readRequestFields } from './request-fields.ts';
import { upstreamHeaders } from './request-headers.ts';
import type { Target } from './request-target.ts';
import { clientHeaders } from './response-headers.ts';
import type { TokenEntry } from './run-tokens.ts';
import type { Upstream } from './upstream.ts';
import { documentUsage, streamUsage, type Tally, type UsageReader } from './usage-tally.ts';

export interface CallDeps {
  readonly meter: Meter;
  readonly credentials: Credentials;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits: GatewayLimits;
  readonly upstream: Upstream;
}

export interface Call {
  readonly entry: TokenEntry;
  readonly target: Target;
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly signal: AbortSignal;
}

interface Access {
  readonly credential: Credential;
  readonly baseUrl: string;
  readonly secrets: string[];
}

interface Exchange {
  /** False: the provider cannot have seen the request. */
  sent: boolean;
  status: number | null;
  reader: UsageReader | null;
  sentAtMs: number;
}

const NO_USAGE: CallUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
const NOTHING_USED: Tally = { usage: NO_USAGE, model: null, outputTold: true };
const UNKNOWN: Tally = { usage: null, model: null, outputTold: false };
/** Enough to see what an error is about. */
const ERROR_TEXT_BYTES = 16 * 1024;
const MAX_SHOWN_CHARS = 80;

/** Answers the request; refusals are thrown. */
export async function serveCall(deps: CallDeps, call: Call): Promise<void> {
  if (call.target.operation === 'models') {
    const access = await readAccess(deps.credentials);
    return exchange(deps, call, access, null, newExchange(deps), () => {});
  }
  const { body, release } = await readBody(call.req, call.entry, deps.limits);
  try {
    const fields = allowedFields(body, call.entry.grant);
    if (call.target.operation === 'count_tokens') {
      return await exchange(deps, call, await readAccess(deps.credentials), body, newExchange(deps), () => {});
    }
    await serveMetered(deps, call, body, fields);
  } finally {
    release();
  }
}

function allowedFields(body: Buffer, grant: TokenGrant): RequestFields {
  const result = readRequestFields(body);
  if (result.kind === 'invalid') throw new Refusal('bad_request', result.why);
  const { model } = result.fields;
  if (grant.models !== null && !grant.models.includes(model)) {
    throw new Refusal('model_not_allowed', `The model "${model}" is not allowed for this run.`);
  }
  const [unseen] = result.fields.unseen;
  if (unseen !== undefined && grant.serverTools !== true) throw new Refusal('server_tools', serverToolsSentence(unseen));
  return result.fields;
}

function serverToolsSentence(what: string): string {
  const shown = what.length > MAX_SHOWN_CHARS ? `${what.slice(0, MAX_SHOWN_CHARS)}…` : what;
  return `This request asks the provider to reach the network or to spend money by itself (${shown}), which no rule of this run could see. Leave it out.`;
}

async function serveMetered(deps: CallDeps, call: Call, body: Buffer, fields: RequestFields): Promise<void> {
  const { meter, clock, limits } = deps;
  const { grant } = call.entry;
  if (call.entry.rejections >= limits.rejectionsInARow) {
    throw new Refusal('circuit_open', `The provider rejected ${limits.rejectionsInARow} calls of this run in a row.`);
  }
  const { model, maxOutputTokens, dataBytes, images, fast, usOnly } = fields;
  const shape = { inputBytes: body.length, dataBytes, images, maxOutputTokens, fast, usOnly };
  const request: CallRequest = { provider: 'anthropic', model, ...shape };
  const arrivedMs = clock.monotonicMs();
  // Read while the reservation is written; a failure is met where it is awaited.
  const access = readAccess(deps.credentials);
  access.catch(() => {});
  const reservation = await meter.reserve(grant, request, call.signal);
  if (reservation.kind === 'refused') throw new Refusal(reservation.code, reservation.sentence);

  const state = newExchange(deps);
  let settlement: Promise<void> | null = null;
  const settle = (): Promise<void> => {
    settlement ??= settleNow();
    return settlement;
  };
  const settleNow = (): Promise<void> => {
    const tally = tallyOf(state, maxOutputTokens);
    const atMs = clock.monotonicMs();
    const waitMs = Math.max(0, state.sentAtMs - arrivedMs);
    const end = { usage: tally.usage, model: tally.model ?? model, status: state.status, latencyMs: atMs - state.sentAtMs, waitMs };
    deps.log.debug({ run: grant.runId, model: end.model, status: end.status, latencyMs: end.latencyMs, waitMs }, 'model call ended');
    // A settlement that cannot be written stays reserved until it is tried again.
    return meter
      .settle(reservation.callId, end)
      .catch((error: unknown) => deps.log.error({ run: grant.runId, error }, 'a call was not settled'));
  };
  try {
    await exchange(deps, call, await access, body, state, settle);
  } catch (error) {
    if (error instanceof Refusal) call.entry.rejections += 1;
    throw error;
  } finally {
    await settle();
  }
}

function newExchange(deps: CallDeps): Exchange {
  return { sent: false, status: null, reader: null, sentAtMs: deps.clock.monotonicMs() };
}

/** Output that may have been made and not shown: thinking that is only summarised, and what was on its way when the connection ended. */
const UNSHOWN_TOKENS = 4_096;

/**
 * What the call used: nothing when the provider never saw it or refused it, what the answer told, else unknown. Of an answer that was
 * cut before it told its output, the text that came does not show it all: it is charged twice, with a margin, and never above what the
 * request allows. The provider stops when its connection ends, so an interrupted turn does not cost all that it might have.
 */
function tallyOf(state: Exchange, maxOutputTokens: number | null): Tally {
  if (!state.sent) return NOTHING_USED;
  if (state.status !== null && state.status >= 400) return NOTHING_USED;
  const tally = state.reader?.tally() ?? UNKNOWN;
  if (tally.usage === null || tally.outputTold) return tally;
  if (maxOutputTokens === null) return UNKNOWN;
  const outputAtMost = Math.min(maxOutputTokens, tally.usage.outputTokens * 2 + UNSHOWN_TOKENS);
  return { ...tally, usage: { ...tally.usage, outputAtMost } };
}

async function readAccess(credentials: Credentials): Promise<Access> {
  const [credential, baseUrl, known] = await Promise.all([credentials.current(), credentials.baseUrl(), credentials.secrets()]);
  if (credential === null) throw new Refusal('credential_missing', 'There is no credential for the model provider.');
  return { credential, baseUrl, secrets: worthHiding([credential.value, ...known]) };
}

/** Sends the request and carries the answer back. `onEnd` is called when the whole answer has come. */
async function exchange(
  deps: CallDeps,
  call: Call,
  access: Access,
  body: Buffer | null,
  state: Exchange,
  onEnd: () => void,
): Promise<void> {
  const { clock, meter, limits } = deps;
  const { grant } = call.entry;
  call.signal.throwIfAborted();
  state.sentAtMs = clock.monotonicMs();
  meter.seen(grant);
  const answer = await deps.upstream.send({
    baseUrl: access.baseUrl,
    method: call.req.method ?? 'POST',
    path: call.target.path,
    headers: upstreamHeaders(call.req.rawHeaders, access.credential, body?.length ?? null),
    body,
    signal: call.signal,
    onConnected: () => {
      state.sent = true;
    },
    onUnsent: () => {
      state.sent = false;
    },
  });
  const status = answer.statusCode ?? 502;
  state.status = status;
  meter.seen(grant);
  refuseCompressed(answer);
  const failed = status >= 400;
  if (!failed) state.reader = /^text\/event-stream\b/i.test(answer.headers['content-type'] ?? '') ? streamUsage() : documentUsage();
  call.res.writeHead(status, clientHeaders(answer.headers, access.secrets));
  call.res.flushHeaders();

  let errorText = '';
  let seenMs = clock.monotonicMs();
  const rest = await relay(answer, call.res, {
    clock,
    limits,
    signal: call.signal,
    redaction: redaction(access.secrets),
    onChunk(chunk) {
      state.reader?.push(chunk);
      if (failed && errorText.length < ERROR_TEXT_BYTES) errorText += chunk.toString('latin1', 0, ERROR_TEXT_BYTES);
      if (clock.monotonicMs() - seenMs < limits.seenEveryMs) return;
      seenMs = clock.monotonicMs();
      meter.seen(grant);
    },
  });
  // Settled before the agent can know that the answer is over, so that its next request finds the new sum.
  onEnd();
  call.res.end(rest);
  meter.seen(grant);
  call.entry.rejections = failed ? call.entry.rejections + 1 : 0;
  const held = failed ? readHeldBack(status, answer.headers, errorText, clock.nowMs()) : null;
  if (held !== null) meter.rateLimited(grant, held);
}

function refuseCompressed(answer: IncomingMessage): void {
  const encoding = answer.headers['content-encoding'] ?? 'identity';
  if (encoding.toLowerCase() === 'identity') return;
  answer.destroy();
  throw new Refusal('upstream_invalid', 'the provider answered compressed although it was asked not to');
}
