import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROPPED_LINE, lineGuard } from './line-guard.ts';

async function through(chunks: Buffer[], maxLineBytes: number): Promise<string> {
  const guard = lineGuard({ maxLineBytes });
  const out: Buffer[] = [];
  guard.on('data', (chunk: Buffer) => out.push(chunk));
  const ended = new Promise((resolve) => guard.once('end', resolve));
  for (const chunk of chunks) guard.write(chunk);
  guard.end();
  await ended;
  return Buffer.concat(out).toString();
}

describe('the guard of lines', () => {
  it('passes lines of any chunking as they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ maxLength: 20 })), fc.integer({ min: 1, max: 7 }), async (lines, size) => {
        const text = lines.map((line) => `${line.replaceAll('\n', ' ')}\n`).join('');
        const bytes = Buffer.from(text);
        const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
          bytes.subarray(index * size, (index + 1) * size),
        );
        expect(await through(chunks, 1_000)).toBe(text);
      }),
      { numRuns: 50 },
    );
  });

  it('puts a short note in the place of a line that is too long, and goes on', async () => {
    const out = await through([Buffer.from('a\n'), Buffer.from('x'.repeat(50)), Buffer.from('y'.repeat(60)), Buffer.from('\nb\n')], 100);
    expect(out).toBe(`a\n{"type":"system","subtype":"${DROPPED_LINE}","bytes":110}\nb\n`);
  });

  it('lets a line of exactly the limit pass', async () => {
    expect(await through([Buffer.from(`${'x'.repeat(100)}\n`)], 100)).toBe(`${'x'.repeat(100)}\n`);
  });

  it('gives out a last line without an end', async () => {
    expect(await through([Buffer.from('a\nrest')], 100)).toBe('a\nrest');
  });

  it('takes no more while its reader is not ready', async () => {
    let open: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const guard = lineGuard({ ready: () => gate });
    const out: string[] = [];
    guard.on('data', (chunk: Buffer) => out.push(chunk.toString()));
    guard.write('a\n');
    await new Promise((resolve) => setImmediate(resolve));
    expect(out).toEqual([]);
    open();
    await new Promise((resolve) => setImmediate(resolve));
    expect(out).toEqual(['a\n']);
  });
});
