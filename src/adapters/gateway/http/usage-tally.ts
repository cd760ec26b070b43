/** Reads from an answer what it used: the figures the ledger settles with. */
import type { CallUsage } from '../../../ports/gateway.ts';
import { eventStreamReader } from './event-stream.ts';

export interface Tally {
  /** Null: the answer did not say. */
  readonly usage: CallUsage | null;
  /** The model that answered, as the provider names it. */
  readonly model: string | null;
  /** False: the answer was cut before it said how much output there was; what stands in `usage` is a guess from its text. */
  readonly outputTold: boolean;
}

export interface UsageReader {
  push(chunk: Buffer): void;
  /** What is known by now; with `ended`, of the whole answer. */
  tally(): Tally;
}

/** An answer that does not stream and is longer than this is not read: what it used stays unknown. */
const MAX_JSON_BYTES = 32 * 1024 * 1024;
/** Bytes of a delta event around its text. */
const DELTA_FRAME_BYTES = 90;
/** Text runs at 3 to 4 bytes a token: the low end, because an unfinished answer is counted from this. */
const BYTES_PER_TOKEN = 2.5;
const USAGE_KEY = Buffer.from('"usage"');
const DELTA_TYPE = Buffer.from('"content_block_delta"');
/** How providers write the events that text comes in. */
const DELTA_EVENT = Buffer.from('event: content_block_delta\ndata: ');
/** The type stands at the beginning of an event; there it is looked for. */
const TYPE_WITHIN_BYTES = 64;

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parsed(data: Buffer): Json | null {
  try {
    const value: unknown = JSON.parse(data.toString('utf8'));
    return isObject(value) ? value : null;
  } catch {
    // Cut in the middle, or not JSON at all: it says nothing about usage.
    return null;
  }
}

interface Figures {
  usage: CallUsage;
  seen: boolean;
}

interface Counts {
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  cacheWrite1h: number;
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function countsOf(value: Json): Counts {
  const creation = isObject(value.cache_creation) ? value.cache_creation : {};
  return {
    input: count(value.input_tokens),
    output: count(value.output_tokens),
    cacheRead: count(value.cache_read_input_tokens),
    cacheWrite: count(value.cache_creation_input_tokens),
    cacheWrite1h: count(creation.ephemeral_1h_input_tokens),
  };
}

/** A request that the provider serves in parts (it may summarise the conversation first) names them; the totals beside leave some out. */
function sumOfParts(iterations: unknown): Counts {
  const sum: Counts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, cacheWrite1h: 0 };
  for (const part of Array.isArray(iterations) ? iterations : []) {
    if (!isObject(part)) continue;
    const told = countsOf(part);
    for (const name of ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite1h'] as const) sum[name] += told[name];
  }
  return sum;
}

/** The figures of a stream are running totals: the highest of each is the total, whatever came twice or late. */
function take(figures: Figures, value: unknown): void {
  if (!isObject(value)) return;
  const { usage } = figures;
  for (const told of [countsOf(value), sumOfParts(value.iterations)]) {
    usage.inputTokens = Math.max(usage.inputTokens, told.input);
    usage.outputTokens = Math.max(usage.outputTokens, told.output);
    usage.cacheReadTokens = Math.max(usage.cacheReadTokens, told.cacheRead);
    usage.cacheWriteTokens = Math.max(usage.cacheWriteTokens, told.cacheWrite);
    const forAnHour = Math.max(usage.cacheWrite1hTokens ?? 0, told.cacheWrite1h);
    if (forAnHour > 0) usage.cacheWrite1hTokens = forAnHour;
  }
  if (value.speed === 'fast') usage.fast = true;
  if (value.inference_geo === 'us') usage.usOnly = true;
  figures.seen = true;
}

function emptyFigures(): Figures {
  return { usage: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }, seen: false };
}

/**
 * Of a stream. `message_start` tells the input, `message_delta` the output so far. When the stream was cut before the
 * output was told, it is estimated from the text that came.
 */
export function streamUsage(): UsageReader {
  const figures = emptyFigures();
  let model: string | null = null;
  let outputTold = false;
  let outputGuess = 0;

  const guess = (bytes: number): void => {
    outputGuess += Math.max(1, (bytes - DELTA_FRAME_BYTES) / BYTES_PER_TOKEN);
  };
  const onData = (data: Buffer): void => {
    if (!data.includes(USAGE_KEY)) {
      if (data.subarray(0, TYPE_WITHIN_BYTES).includes(DELTA_TYPE)) guess(data.length);
      return;
    }
    const event = parsed(data);
    if (event?.type === 'message_start' && isObject(event.message)) {
      take(figures, event.message.usage);
      if (typeof event.message.model === 'string') model = event.message.model;
    }
    if (event?.type === 'message_delta') {
      take(figures, event.usage);
      outputTold ||= isObject(event.usage) && typeof event.usage.output_tokens === 'number';
    }
  };
  const reader = eventStreamReader(onData, { prefix: DELTA_EVENT, unless: USAGE_KEY, onSkipped: guess });

  return {
    push: (chunk) => reader.push(chunk),
    tally() {
      reader.end();
      if (!figures.seen) return { usage: null, model, outputTold };
      const outputTokens = outputTold ? figures.usage.outputTokens : Math.max(figures.usage.outputTokens, Math.ceil(outputGuess));
      return { usage: { ...figures.usage, outputTokens }, model, outputTold };
    },
  };
}

/** Of an answer that came as one JSON document. */
export function documentUsage(): UsageReader {
  let chunks: Buffer[] | null = [];
  let bytes = 0;
  return {
    push(chunk) {
      bytes += chunk.length;
      if (bytes > MAX_JSON_BYTES) chunks = null;
      chunks?.push(chunk);
    },
    tally() {
      const document = chunks === null ? null : parsed(Buffer.concat(chunks));
      const figures = emptyFigures();
      take(figures, document?.usage);
      const model = typeof document?.model === 'string' ? document.model : null;
      return { usage: figures.seen ? figures.usage : null, model, outputTold: figures.seen };
    },
  };
}
