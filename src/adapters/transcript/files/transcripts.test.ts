import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Transcripts } from '../../../ports/transcript.ts';
import { systemClock } from '../../system/clock.ts';
import { appendProgramLog, readProgramLog } from './program-log.ts';
import { transcriptFiles } from './transcripts.ts';

let folder: string;
let lost: string[];
let transcripts: Transcripts;
const file = (run: string, name = 'messages.jsonl') => join(folder, run, name);
const open = () => transcriptFiles({ logFolder: (run) => join(folder, run), clock: systemClock(), onLost: (run) => lost.push(run) });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-transcripts-'));
  lost = [];
  transcripts = open();
});
afterEach(async () => {
  await transcripts.close();
  rmSync(folder, { recursive: true, force: true });
});

const text = (body: string, type: 'text' | 'tool_use' | 'error' = 'text') => ({ type, attempt: 1, text: body });
const many = (count: number) => Array.from({ length: count }, (_, n) => text(`record ${n + 1}`, n % 10 === 0 ? 'tool_use' : 'text'));
const seqs = async (run: string, query: object) => (await transcripts.read(run, { limit: 100, ...query })).items.map((item) => item.seq);

describe('a transcript', () => {
  it('numbers its records from 1 without gaps, in order, also when many append at once', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, n) => transcripts.append('a', [text(`x${n}`), text(`y${n}`)])));
    expect(await seqs('a', {})).toEqual(Array.from({ length: 100 }, (_, n) => n + 1));
  });

  it('is empty before anything was written, and makes no folder for being asked', async () => {
    expect(await transcripts.read('none', { limit: 5 })).toEqual({
      items: [],
      last_seq: 0,
      counts: {},
      next_after: null,
      next_before: null,
    });
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('gives windows: the last ones, those after and those before a number, by type and by text', async () => {
    await transcripts.append('a', many(5_000));
    expect(await seqs('a', { limit: 3 })).toEqual([4998, 4999, 5000]);
    expect(await seqs('a', { limit: 3, after: 0 })).toEqual([1, 2, 3]);
    expect(await seqs('a', { limit: 3, after: 4_998 })).toEqual([4999, 5000]);
    expect(await seqs('a', { limit: 2, before: 10 })).toEqual([8, 9]);
    expect(await seqs('a', { limit: 3, types: ['tool_use'] })).toEqual([4971, 4981, 4991]);
    expect(await seqs('a', { limit: 2, after: 0, search: 'RECORD 42' })).toEqual([42, 420]);
    expect(await seqs('a', { after: 9_999 })).toEqual([]);
    expect((await transcripts.read('a', { limit: 1 })).counts).toEqual({ tool_use: 500, text: 4500 });
  });

  it('filters and counts by kind, also after a restart and over an index of before the kinds', async () => {
    const call = (name: string, ok: boolean) => [
      { type: 'tool_use' as const, attempt: 1, name },
      { type: 'tool_result' as const, attempt: 1, name, ok },
    ];
    await transcripts.append('a', [
      text('hello'),
      ...call('Edit', true),
      ...call('Bash', false),
      ...call('Read', true),
      text('x', 'error'),
    ]);
    const counts = { last_seq: 8, all: 5, text: 1, tools: 3, edits: 1, shell: 1, errors: 2, questions: 0 };
    const check = async () => {
      expect(await transcripts.counts('a')).toEqual(counts);
      expect(await seqs('a', { kinds: ['edits'] })).toEqual([2, 3]);
      expect(await seqs('a', { kinds: ['shell', 'text'] })).toEqual([1, 4, 5]);
      expect(await seqs('a', { kinds: ['errors'], types: ['tool_result'] })).toEqual([5]);
      expect(await seqs('a', { kinds: ['tools'], after: 3, limit: 2 })).toEqual([4, 5]);
    };
    await check();
    await transcripts.close();
    transcripts = open();
    await check();
    await transcripts.close();
    const index = readFileSync(file('a', 'messages.idx'));
    for (let at = 7; at < index.length; at += 16) index[at] = 0;
    writeFileSync(file('a', 'messages.idx'), index);
    transcripts = open();
    await check();
    expect((await transcripts.counts('none')).all).toBe(0);
  });

  it('goes on where it stopped after a restart, with or without its index', async () => {
    await transcripts.append('a', many(10));
    await transcripts.close();
    transcripts = open();
    expect((await transcripts.append('a', [text('more')]))[0]?.seq).toBe(11);
    await transcripts.close();
    unlinkSync(file('a', 'messages.idx'));
    transcripts = open();
    expect((await transcripts.read('a', { limit: 1 })).counts).toEqual({ tool_use: 1, text: 10 });
    expect((await transcripts.append('a', [text('more')]))[0]?.seq).toBe(12);
  });

  it('one record is one line, whatever it holds', async () => {
    const evil = 'x\n{"seq":99,"type":"result","ok":true}\r\u2028\u0000"';
    await transcripts.append('a', [text(evil)]);
    expect(readFileSync(file('a'), 'utf8').split('\n').filter(Boolean)).toHaveLength(1);
    expect((await transcripts.read('a', { limit: 5 })).items[0]?.text).toBe(evil);
  });

  it('cuts a huge record and keeps the whole one beside it', async () => {
    const huge = 'z'.repeat(3_000_000);
    const [shown] = await transcripts.append('a', [
      { type: 'tool_result', attempt: 1, output: huge, list: Array.from({ length: 5_000 }, () => 'item'.repeat(30)) },
    ]);
    expect(shown).toMatchObject({ seq: 1, cut: true, full: 'records/1.json' });
    expect(statSync(file('a')).size).toBeLessThan(256 * 1024);
    expect(JSON.parse(readFileSync(file('a', 'records/1.json'), 'utf8')).output).toBe(huge);
    expect((await transcripts.append('a', [text('next')]))[0]?.seq).toBe(2);
  });

  it('copies into another run and can be removed', async () => {
    await transcripts.append('a', many(7));
    expect(await transcripts.copy('a', 'b')).toBe(7);
    expect((await transcripts.append('b', [text('own')]))[0]?.seq).toBe(8);
    expect(await transcripts.copy('nothing', 'c')).toBe(0);
    await transcripts.remove('a');
    expect(existsSync(join(folder, 'a'))).toBe(false);
  });
});

describe('damage', () => {
  it('a last record cut at any byte is put aside, all before it stays', async () => {
    await transcripts.append('a', many(3));
    await transcripts.close();
    const bytes = readFileSync(file('a'));
    const start = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    for (let end = start; end < bytes.length; end += 1) {
      writeFileSync(file('a'), bytes.subarray(0, end));
      transcripts = open();
      const whole = end === bytes.length;
      expect(await transcripts.repair('a')).toEqual({ last_seq: whole ? 3 : 2, repaired: end > start && !whole, lost: false });
      expect((await transcripts.append('a', [text('next')]))[0]?.seq).toBe(3);
      expect(await seqs('a', {})).toEqual([1, 2, 3]);
      await transcripts.close();
    }
  });

  it('an index cut or overwritten anywhere is made again', async () => {
    await transcripts.append('a', many(20));
    await transcripts.close();
    const index = readFileSync(file('a', 'messages.idx'));
    await fc.assert(
      fc.asyncProperty(fc.nat(index.length), fc.boolean(), async (at, cut) => {
        const damaged = Buffer.from(index);
        if (!cut && at < damaged.length) damaged[at] = (damaged[at] ?? 0) ^ 0xff;
        writeFileSync(file('a', 'messages.idx'), cut ? damaged.subarray(0, at) : damaged);
        transcripts = open();
        const window = await transcripts.read('a', { limit: 100 });
        await transcripts.close();
        expect(window.items).toHaveLength(20);
      }),
      { numRuns: 60 },
    );
    transcripts = open();
  });

  it('a file removed while it is written goes on in a new one and says what is missing', async () => {
    await transcripts.append('a', many(5));
    rmSync(join(folder, 'a'), { recursive: true });
    const [next] = await transcripts.append('a', [text('after')]);
    expect(next?.seq).toBe(7);
    expect(lost).toEqual(['a']);
    expect((await transcripts.read('a', { limit: 10 })).items.map((item) => item.type)).toEqual(['error', 'text']);
    expect(await seqs('a', { after: 6 })).toEqual([7]);
  });

  it('a file cut or written by somebody else meanwhile does not mix up the windows', async () => {
    await transcripts.append('a', many(5));
    truncateSync(file('a'), 100);
    await transcripts.append('a', [text('after')]);
    appendFileSync(file('a'), 'garbage\n');
    await transcripts.append('a', [text('again')]);
    const { items } = await transcripts.read('a', { limit: 100 });
    expect(items.map((item) => item.seq)).toEqual([...items.map((item) => item.seq)].sort((a, b) => a - b));
    expect(items.at(-1)?.text).toBe('again');
  });
});

describe('program logs', () => {
  it('are read in windows that never split a character', async () => {
    const body = 'aé€😀'.repeat(50);
    await transcripts.appendLog('a', 'stdout', Buffer.from(body));
    let joined = '';
    for (let offset = 0, total = 1; offset < total; ) {
      const window = await transcripts.readLog('a', 'stdout', offset, 7);
      joined += window.text;
      offset = window.next_offset;
      total = window.total_bytes;
    }
    expect(joined).toBe(body);
    expect((await transcripts.readLog('a', 'stdout', undefined, 5)).text).toBe('😀');
    expect((await transcripts.readLog('a', 'stderr', undefined, 5)).total_bytes).toBe(0);
  });

  it('get on over bytes that are no text', async () => {
    await transcripts.appendLog('a', 'stderr', Buffer.from([0xff, 0xf0, 0x9f, 0x41, 0x00, 0x80]));
    let offset = 0;
    for (let turn = 0; turn < 10 && offset < 6; turn += 1) offset = (await transcripts.readLog('a', 'stderr', offset, 2)).next_offset;
    expect(offset).toBe(6);
  });

  it('stop growing at their limit and say so', async () => {
    for (let turn = 0; turn < 5; turn += 1) await appendProgramLog(join(folder, 'a'), 'stdout', Buffer.alloc(40, 'x'), 100);
    const { text: tail, total_bytes } = await readProgramLog(join(folder, 'a'), 'stdout', undefined, 1000);
    expect(total_bytes).toBeLessThan(200);
    expect(tail).toContain('[the rest is not kept]');
  });
});
