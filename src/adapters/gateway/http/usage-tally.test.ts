import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamOf } from './gateway.fixture.ts';
import { documentUsage, streamUsage, type Tally } from './usage-tally.ts';

function read(...pieces: (Buffer | string)[]): Tally {
  const reader = streamUsage();
  for (const piece of pieces) reader.push(Buffer.from(piece));
  return reader.tally();
}

const WHOLE = { inputTokens: 500, outputTokens: 250, cacheReadTokens: 70, cacheWriteTokens: 30 };
const OPTIONS = { cacheRead: 70, cacheWrite: 30 };

describe('the usage of a stream', () => {
  it.each([
    ['line feeds', '\n'],
    ['carriage return and line feed', '\r\n'],
    ['lone carriage returns', '\r'],
  ])('is read with %s, cut in two at every byte', (_name, newline) => {
    const bytes = Buffer.from(streamOf({ ...OPTIONS, newline }));
    for (let at = 0; at <= bytes.length; at += 1) {
      expect(read(bytes.subarray(0, at), bytes.subarray(at)), `cut at ${at}`).toEqual({
        usage: WHOLE,
        model: 'claude-sonnet-5',
        outputTold: true,
      });
    }
  });

  it('is read byte by byte and in any pieces', () => {
    const bytes = Buffer.from(streamOf({ ...OPTIONS, newline: '\r\n' }));
    expect(read(...[...bytes].map((byte) => Buffer.from([byte]))).usage).toEqual(WHOLE);
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 30 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, i) => bytes.subarray(places[i], end));
        expect(read(...pieces).usage).toEqual(WHOLE);
      }),
    );
  });

  it('of a stream that ends at any byte: never less than what was told, nothing before the first event', () => {
    const bytes = Buffer.from(streamOf(OPTIONS));
    const firstEvent = bytes.indexOf('\n\n');
    let lastOutput = 0;
    for (let end = 0; end <= bytes.length; end += 1) {
      const { usage } = read(bytes.subarray(0, end));
      if (end < firstEvent) expect(usage, `${end}`).toBeNull();
      if (usage === null) continue;
      expect(usage.inputTokens).toBe(500);
      expect(usage.outputTokens).toBeGreaterThanOrEqual(Math.min(lastOutput, 250));
      lastOutput = usage.outputTokens;
    }
    expect(lastOutput).toBe(250);
  });

  it('skims events of text, and gives the same as reading each: usage in the middle of them, cuts, odd line ends', () => {
    const delta = (text: string) =>
      `event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"text":${JSON.stringify(text)}}}\n\n`;
    const told = 'event: content_block_delta\ndata: {"type":"message_delta","usage":{"output_tokens":9000}}\n\n';
    const [head = ''] = streamOf(OPTIONS).split('\n\n');
    const texts = fc.array(fc.oneof(fc.string(), fc.constant('"usage"'), fc.constant('\n\ndata: x')), { maxLength: 12 });
    fc.assert(
      fc.property(texts, texts, fc.boolean(), fc.integer({ min: 1, max: 400 }), (before, after, withTold, size) => {
        const stream = `${head}\n\n${before.map(delta).join('')}${withTold ? told : ''}${after.map(delta).join('')}`;
        // Without a name of the event nothing is skimmed.
        const plain = Buffer.from(stream.replaceAll('event: content_block_delta\n', ''));
        const bytes = Buffer.from(stream);
        const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) => bytes.subarray(n * size, (n + 1) * size));
        expect(read(...pieces)).toEqual(read(plain));
      }),
    );
  });

  it('counts running totals once, whatever comes twice, late or in another order', () => {
    const events = streamOf(OPTIONS)
      .split('\n\n')
      .filter((event) => event !== '');
    fc.assert(
      fc.property(fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }), (order) => {
        expect(read(`${order.join('\n\n')}\n\n`).usage).toEqual(WHOLE);
      }),
    );
  });

  it('estimates the output of an unfinished answer from its text, not too low', () => {
    const words = Array.from({ length: 400 }, () => ' several words of text');
    const text = streamOf({ text: words });
    const cut = text.slice(0, text.indexOf('event: content_block_stop'));
    const output = read(cut).usage?.outputTokens ?? 0;
    // 400 times about four tokens.
    expect(output).toBeGreaterThan(1_600);
    expect(output).toBeLessThan(8_000);
  });

  it('takes totals that only the last event tells', () => {
    const late = `data: ${JSON.stringify({ type: 'message_delta', usage: { input_tokens: 900, output_tokens: 300, cache_read_input_tokens: 5 } })}\n\n`;
    expect(read(streamOf(), late).usage).toEqual({ inputTokens: 900, outputTokens: 300, cacheReadTokens: 5, cacheWriteTokens: 0 });
  });

  it('reads writes for an hour, fast mode and the place of inference', () => {
    const usage = {
      input_tokens: 1,
      output_tokens: 2,
      cache_creation_input_tokens: 10,
      cache_creation: { ephemeral_5m_input_tokens: 4, ephemeral_1h_input_tokens: 6 },
      speed: 'fast',
      inference_geo: 'us',
    };
    const start = `data: ${JSON.stringify({ type: 'message_start', message: { model: 'm', usage } })}\n\n`;
    expect(read(start).usage).toMatchObject({ cacheWriteTokens: 10, cacheWrite1hTokens: 6, fast: true, usOnly: true });
  });

  it('does not believe figures that stand in the text of the answer, nor figures that are none', () => {
    const lie = {
      type: 'content_block_delta',
      delta: { type: 'text_delta', text: '{"type":"message_delta","usage":{"output_tokens":99999}}' },
    };
    const odd = { type: 'message_delta', usage: { output_tokens: -5, input_tokens: '7', cache_read_input_tokens: 1.5 } };
    expect(read(streamOf(), `data: ${JSON.stringify(lie)}\n\ndata: ${JSON.stringify(odd)}\n\n`).usage).toEqual({
      ...WHOLE,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
    });
  });

  it('keeps its head with anything that is no stream', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 })), (pieces) => {
        expect(read(...pieces.map((piece) => Buffer.from(piece))).usage).toBeNull();
      }),
    );
  });

  it('goes on behind an event that is too long to keep', () => {
    const reader = streamUsage();
    reader.push(Buffer.from('data: "'));
    for (let i = 0; i < 40; i += 1) reader.push(Buffer.alloc(64 * 1024, 'x'));
    reader.push(Buffer.from(`"\n\n${streamOf(OPTIONS)}`));
    expect(reader.tally().usage).toEqual(WHOLE);
  });
});

describe('the usage of a document', () => {
  it('counts every part of a request that was served in parts', () => {
    const reader = documentUsage();
    const part = { input_tokens: 180_000, output_tokens: 3_500, cache_creation_input_tokens: 7 };
    const usage = {
      input_tokens: 23_000,
      output_tokens: 1_000,
      iterations: [{ type: 'compaction', ...part }, { type: 'message', input_tokens: 23_000, output_tokens: 1_000 }, null],
    };
    reader.push(Buffer.from(JSON.stringify({ model: 'm', usage })));
    expect(reader.tally().usage).toMatchObject({ inputTokens: 203_000, outputTokens: 4_500, cacheWriteTokens: 7 });
  });

  it('is read at its end, and is unknown when it was cut', () => {
    const text = JSON.stringify({ type: 'message', model: 'claude-opus-5-5', usage: { input_tokens: 3, output_tokens: 4 } });
    const whole = documentUsage();
    whole.push(Buffer.from(text.slice(0, 20)));
    whole.push(Buffer.from(text.slice(20)));
    expect(whole.tally()).toEqual({
      usage: { inputTokens: 3, outputTokens: 4, cacheReadTokens: 0, cacheWriteTokens: 0 },
      model: 'claude-opus-5-5',
      outputTold: true,
    });
    const cut = documentUsage();
    cut.push(Buffer.from(text.slice(0, 60)));
    expect(cut.tally()).toEqual({ usage: null, model: null, outputTold: false });
  });
});
