import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewRecord, Transcripts } from '../../../ports/transcript.ts';
import { systemClock } from '../../system/clock.ts';
import { BUDGET_SPENT } from './budget.ts';
import { openTranscript } from './opened-transcript.ts';
import { readWindow } from './read-window.ts';
import { transcriptFiles } from './transcripts.ts';

const MIB = 1024 * 1024;
let folder: string;
let transcripts: Transcripts;
const open = (maxRunBytes?: number) =>
  transcriptFiles({ logFolder: (run) => join(folder, run), clock: systemClock(), ...(maxRunBytes === undefined ? {} : { maxRunBytes }) });
const file = (run: string, name = 'messages.jsonl') => join(folder, run, name);
const record = (type: 'text' | 'tool_result' | 'result' | 'error', text: string): NewRecord => ({ type, attempt: 3, text });
const all = async (run: string) => (await transcripts.read(run, { after: 0, limit: 2000 })).items;

function diskBytes(run: string): number {
  return readdirSync(join(folder, run), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && (entry.name === 'messages.jsonl' || /^\d+\.json$/.test(entry.name)))
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-budget-'));
  transcripts = open();
});
afterEach(async () => {
  await transcripts.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('the budget of a run', () => {
  it('ends long records with one note, keeps short ones of the types that matter, and numbers without gaps', async () => {
    transcripts = open(MIB);
    for (let turn = 0; turn < 40; turn += 1) {
      const kept = await transcripts.append('a', [record('text', 'x'.repeat(50_000)), record('result', `turn ${turn}`)]);
      expect(kept.some((one) => one.text === `turn ${turn}`)).toBe(true);
    }
    const items = await all('a');
    expect(items.map((one) => one.seq)).toEqual(items.map((_, at) => at + 1));
    expect(items.filter((one) => one.text === BUDGET_SPENT)).toMatchObject([{ type: 'error', attempt: 3 }]);
    expect(items.filter((one) => one.type === 'text').length).toBe(20);
    expect(items.filter((one) => one.type === 'result').length).toBe(40);
    expect(JSON.parse(readFileSync(file('a', 'messages.budget'), 'utf8'))).toEqual({ spent: true, dropped: 20, elsewhere: 0 });
  });

  it('counts the files of cut records, and cuts what it keeps beyond without one', async () => {
    transcripts = open(MIB);
    await transcripts.append('a', [record('tool_result', 'x'.repeat(900_000)), record('tool_result', 'x'.repeat(900_000))]);
    const [shown] = await transcripts.append('a', [record('result', 'y'.repeat(900_000))]);
    expect(shown).toMatchObject({ seq: 3, type: 'result', cut: true });
    expect(shown).not.toHaveProperty('full');
    expect(readdirSync(file('a', 'records'))).toEqual(['1.json']);
    expect(diskBytes('a')).toBeLessThan(MIB);
  });

  it('holds whatever an agent says, also in the types that are kept', async () => {
    transcripts = open(MIB);
    const flood = Array.from({ length: 200 }, () => record('error', 'e'.repeat(200_000)));
    await transcripts.append('a', flood);
    await transcripts.append('a', flood);
    expect(diskBytes('a')).toBeLessThanOrEqual(MIB * (1 + 1 / 16));
    expect(await transcripts.append('a', [record('result', 'r'.repeat(3_000))])).toHaveLength(0);
  });

  it('outlives a restart without a second note, and a damaged ledger', async () => {
    transcripts = open(MIB);
    await transcripts.append('a', [record('text', 'x'.repeat(2 * MIB))]);
    await transcripts.close();
    transcripts = open(MIB);
    expect(await transcripts.append('a', [record('text', 'small')])).toEqual([]);
    expect(await transcripts.append('a', [record('result', 'end')])).toMatchObject([{ seq: 2 }]);
    await transcripts.close();
    writeFileSync(file('a', 'messages.budget'), '{"spent":tr');
    transcripts = open(MIB);
    expect(await transcripts.append('a', [record('text', 'fits again')])).toMatchObject([{ seq: 3 }]);
  });

  it('takes in what is stored for the run elsewhere', async () => {
    transcripts = open(MIB);
    expect(await transcripts.spend('a', 600_000)).toBe(true);
    expect(await transcripts.spend('a', 600_000)).toBe(false);
    await transcripts.close();
    transcripts = open(MIB);
    expect(await transcripts.spend('a', 600_000)).toBe(false);
    await transcripts.append('a', [record('text', 'x'.repeat(500_000))]);
    expect((await all('a')).map((one) => one.type)).toEqual(['error']);
    expect(await transcripts.spend('a', 1)).toBe(false);
  });
});

describe('a whole record', () => {
  const huge = 'z'.repeat(3_000_000);

  it('is read back as it was written, cut or not', async () => {
    await transcripts.append('a', [record('text', 'short'), record('tool_result', huge)]);
    expect(await transcripts.full('a', 1)).toMatchObject({ seq: 1, text: 'short' });
    const whole = await transcripts.full('a', 2);
    expect(whole).toMatchObject({ seq: 2, type: 'tool_result', attempt: 3, text: huge });
    expect(whole).not.toHaveProperty('cut');
    for (const [run, seq] of [
      ['a', 0],
      ['a', 3],
      ['a', -1],
      ['none', 1],
    ] as const)
      expect(await transcripts.full(run, seq)).toBeNull();
    expect(existsSync(join(folder, 'none'))).toBe(false);
  });

  it('is given as cut when its file is gone, and refused when it is too long for an answer', async () => {
    await transcripts.append('a', [record('tool_result', huge), record('tool_result', huge)]);
    rmSync(file('a', 'records/1.json'));
    expect(await transcripts.full('a', 1)).toMatchObject({ seq: 1, cut: true });
    writeFileSync(file('a', 'records/2.json'), Buffer.alloc(32 * MIB + 1, ' '));
    await expect(transcripts.full('a', 2)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('goes with the transcript into a fork', async () => {
    await transcripts.append('a', [record('tool_result', huge)]);
    writeFileSync(file('a', 'records/stray'), 'x');
    expect(await transcripts.copy('a', 'b')).toBe(1);
    await transcripts.remove('a');
    expect(await transcripts.full('b', 1)).toMatchObject({ text: huge });
    expect(readdirSync(file('b', 'records'))).toEqual(['1.json']);
  });
});

describe('a search that looks at so much and no more', () => {
  it('says from where to go on, in both directions, until nothing is left', async () => {
    await transcripts.append(
      'a',
      Array.from({ length: 9_000 }, (_, n) => record('text', n % 3_000 === 7 ? 'needle' : 'hay')),
    );
    await transcripts.close();
    const transcript = await openTranscript(join(folder, 'a'), MIB);
    try {
      for (const forward of [true, false]) {
        const seqs: number[] = [];
        let windows = 0;
        let from: number | null = forward ? 0 : 9_001;
        while (from !== null) {
          const query = { ...(forward ? { after: from } : { before: from }), search: 'needle', limit: 10 };
          const { items, next_after, next_before } = await readWindow(transcript, query, 1_000);
          seqs.push(...items.map((item) => item.seq));
          expect(forward ? next_before : next_after).toBeNull();
          from = forward ? next_after : next_before;
          windows += 1;
        }
        expect(seqs.sort((a, b) => a - b)).toEqual([8, 3_008, 6_008]);
        expect(windows).toBe(9);
      }
    } finally {
      await transcript.records.close();
      await transcript.index.close();
    }
  });

  it('pages by what was found as well', async () => {
    await transcripts.append(
      'a',
      Array.from({ length: 10 }, (_, n) => record('text', `${n}`)),
    );
    expect(await transcripts.read('a', { after: 0, limit: 4 })).toMatchObject({ next_after: 4, next_before: null });
    expect(await transcripts.read('a', { limit: 4 })).toMatchObject({ next_after: null, next_before: 7 });
    expect(await transcripts.read('a', { after: 6, limit: 4 })).toMatchObject({ next_after: null });
    expect(await transcripts.read('a', { before: 5, limit: 4 })).toMatchObject({ next_before: null });
  });
});
