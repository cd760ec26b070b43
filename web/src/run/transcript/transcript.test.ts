import { describe, expect, it } from 'vitest';
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';
import { MOST_RECORDS, PAGE, type RecordWindow, Transcript } from './transcript.ts';

function said(seq: number, text = `message ${seq}`): TranscriptRecord {
  return { seq, at: new Date(seq * 1000).toISOString(), attempt: 1, type: 'text', text, parent: null };
}

/** A server with `count` records that notes what it is asked. */
function server(count: number, keep: (record: TranscriptRecord) => boolean = () => true) {
  const all = Array.from({ length: count }, (_, index) => said(index + 1));
  const asked: object[] = [];
  let fail: Error | null = null;
  let hold: Promise<void> | null = null;
  return {
    all,
    asked,
    say(): TranscriptRecord {
      const record = said(all.length + 1);
      all.push(record);
      return record;
    },
    failWith(error: Error | null) {
      fail = error;
    },
    /** Answers wait until the function that comes back is called. */
    pause(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      hold = promise;
      return () => {
        hold = null;
        resolve();
      };
    },
    async read(input: { after?: number; before?: number; limit: number }): Promise<RecordWindow> {
      asked.push(input);
      const error = fail;
      await hold;
      if (error !== null) throw error;
      const last_seq = all.length;
      const fits = all.filter(keep);
      if (input.after !== undefined) {
        const { after } = input;
        const found = fits.filter(({ seq }) => seq > after);
        const items = found.slice(0, input.limit);
        return { items, last_seq, next_after: found.length > items.length ? (items.at(-1)?.seq ?? null) : null, next_before: null };
      }
      const found = fits.filter(({ seq }) => input.before === undefined || seq < input.before);
      const items = found.slice(-input.limit);
      return { items, last_seq, next_after: null, next_before: found.length > items.length ? (items[0]?.seq ?? null) : null };
    },
  };
}

function opened(source: ReturnType<typeof server>, filtered = false): Transcript {
  return new Transcript({ read: (input) => source.read(input), soon: (then) => then(), filtered });
}

const seqs = (transcript: Transcript): number[] => transcript.state().rows.map(({ seq }) => seq);
const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** Everything that was begun has come to its end. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('what comes while something is read', () => {
  it('a reading of the end leaves no hole when the reader went up meanwhile and the window let go of its end', async () => {
    const source = server(8_000);
    const transcript = opened(source);
    await transcript.open();
    transcript.follow(false);
    while (seqs(transcript).length < MOST_RECORDS - PAGE) await transcript.older();
    source.say();
    const go = source.pause();
    transcript.resync();
    const up = Promise.all([transcript.older(), transcript.older()]);
    go();
    await up;
    for (let turn = 0; turn < 4; turn += 1) await transcript.older();
    await settle();
    const shown = seqs(transcript);
    expect(shown).toEqual(range(shown[0] ?? 0, shown.at(-1) ?? 0));
    if (transcript.state().atEnd) expect(shown.at(-1)).toBe(8_001);
  });

  it('a connection that comes back while the window is opened makes it look again', async () => {
    const source = server(100);
    const transcript = opened(source);
    const older = await source.read({ limit: PAGE });
    const go = source.pause();
    let first = true;
    const stale = new Transcript({
      read: async (input) => {
        const read = await source.read(input);
        if (!first) return read;
        first = false;
        return older;
      },
      soon: (then) => then(),
      filtered: false,
    });
    const opening = stale.open();
    source.say();
    stale.resync();
    go();
    await opening;
    expect(seqs(stale)).toEqual(range(1, 101));
    expect(seqs(transcript)).toEqual([]);
  });
});

describe('the window of a transcript', () => {
  it('begins at the end and grows upwards until the first record', async () => {
    const source = server(450);
    const transcript = opened(source);
    await transcript.open();
    expect(seqs(transcript)).toEqual(range(251, 450));
    expect(transcript.state()).toMatchObject({ atEnd: true, atStart: false });
    await transcript.older();
    await transcript.older();
    expect(seqs(transcript)).toEqual(range(1, 450));
    expect(transcript.state().atStart).toBe(true);
    await transcript.older();
    expect(source.asked).toHaveLength(3);
  });

  it('takes live records once and in order, whatever comes twice', async () => {
    const source = server(3);
    const transcript = opened(source);
    await transcript.open();
    const four = source.say();
    transcript.message(four);
    transcript.message(four);
    transcript.message(source.all[1] as TranscriptRecord);
    expect(seqs(transcript)).toEqual([1, 2, 3, 4]);
    expect(source.asked).toHaveLength(1);
  });

  it('reads a gap before it shows what lies behind it', async () => {
    const source = server(3);
    const transcript = opened(source);
    await transcript.open();
    source.say();
    source.say();
    transcript.message(source.say());
    expect(seqs(transcript)).toEqual([1, 2, 3]);
    await settle();
    expect(seqs(transcript)).toEqual(range(1, 6));
  });

  it('records that come while it reads are neither lost nor doubled', async () => {
    const source = server(3);
    const transcript = opened(source);
    const go = source.pause();
    const opening = transcript.open();
    const four = source.say();
    transcript.message(four);
    go();
    await opening;
    await settle();
    source.say();
    const resume = source.pause();
    transcript.message(source.say());
    transcript.message(source.say());
    resume();
    await settle();
    await settle();
    expect(seqs(transcript)).toEqual(range(1, 7));
  });

  it('after a reconnect it reads on from its last record', async () => {
    const source = server(5);
    const transcript = opened(source);
    await transcript.open();
    for (let more = 0; more < 2_300; more += 1) source.say();
    transcript.resync();
    await settle();
    await settle();
    await settle();
    expect(seqs(transcript)).toEqual(range(1, 2_305));
  });

  it('opens around a record and grows to the end, where it goes on live', async () => {
    const source = server(1_000);
    const transcript = opened(source);
    await transcript.open(400);
    expect(seqs(transcript)).toEqual(range(301, 600));
    expect(transcript.state()).toMatchObject({ atEnd: false, atStart: false });
    transcript.message(source.say());
    expect(seqs(transcript).at(-1)).toBe(600);
    await transcript.newer();
    await transcript.newer();
    await transcript.newer();
    expect(seqs(transcript)).toEqual(range(301, 1_001));
    expect(transcript.state().atEnd).toBe(true);
    transcript.message(source.say());
    expect(seqs(transcript).at(-1)).toBe(1_002);
  });

  it('holds a bounded part of a long transcript, wherever the reader goes', async () => {
    const source = server(20_000);
    const transcript = opened(source);
    await transcript.open();
    for (let page = 0; page < 60; page += 1) await transcript.older();
    expect(transcript.state().rows.length).toBeLessThanOrEqual(MOST_RECORDS);
    expect(transcript.state().atEnd).toBe(false);
    const first = seqs(transcript)[0] ?? 0;
    expect(seqs(transcript)).toEqual(range(first, first + transcript.state().rows.length - 1));
    for (let page = 0; page < 120 && !transcript.state().atEnd; page += 1) await transcript.newer();
    expect(transcript.state().atEnd).toBe(true);
    expect(seqs(transcript).at(-1)).toBe(20_000);
    expect(transcript.state().rows.length).toBeLessThanOrEqual(MOST_RECORDS);
  });

  it('lets the oldest go while it follows, and nothing while somebody reads above', async () => {
    const source = server(10);
    const transcript = opened(source);
    await transcript.open();
    for (let index = 0; index < MOST_RECORDS + 100; index += 1) transcript.message(source.say());
    expect(transcript.state()).toMatchObject({ atStart: false, atEnd: true });
    expect(transcript.state().rows.length).toBeLessThanOrEqual(MOST_RECORDS);
    transcript.follow(false);
    const first = seqs(transcript)[0];
    for (let index = 0; index < MOST_RECORDS; index += 1) transcript.message(source.say());
    expect(seqs(transcript)[0]).toBe(first);
    expect(transcript.state().atEnd).toBe(false);
    expect(transcript.state().unseen).toBe(MOST_RECORDS);
  });

  it('counts what came since the reader left the end', async () => {
    const source = server(3);
    const transcript = opened(source);
    await transcript.open();
    transcript.follow(false);
    transcript.message(source.say());
    transcript.message({ ...source.say(), type: 'usage' });
    transcript.message(source.say());
    expect(transcript.state().unseen).toBe(2);
    transcript.follow(true);
    expect(transcript.state().unseen).toBe(0);
  });

  it('asks the server what a filter leaves', async () => {
    const source = server(10, ({ seq }) => seq % 2 === 0);
    const transcript = opened(source, true);
    await transcript.open();
    expect(seqs(transcript)).toEqual([2, 4, 6, 8, 10]);
    transcript.follow(false);
    transcript.message(source.say());
    transcript.message(source.say());
    await settle();
    await settle();
    expect(seqs(transcript)).toEqual([2, 4, 6, 8, 10, 12]);
    expect(transcript.state().unseen).toBe(1);
  });

  it('a failed read is told and tried again', async () => {
    const source = server(300);
    const transcript = opened(source);
    source.failWith(new Error('away'));
    await transcript.open();
    expect(transcript.state()).toMatchObject({ state: 'failed', error: new Error('away') });
    source.failWith(null);
    await transcript.retry();
    expect(transcript.state().state).toBe('ready');
    source.failWith(new Error('away again'));
    await transcript.older();
    expect(transcript.state().growError).toMatchObject({ where: 'older' });
    expect(seqs(transcript)).toHaveLength(PAGE);
    source.failWith(null);
    await transcript.retry();
    expect(transcript.state()).toMatchObject({ growError: null, atStart: true });
  });

  it('an answer for an earlier window changes nothing', async () => {
    const source = server(1_000);
    const transcript = opened(source);
    const go = source.pause();
    const first = transcript.open();
    const second = transcript.open(500);
    go();
    await Promise.all([first, second]);
    expect(seqs(transcript)).toEqual(range(401, 700));
    transcript.close();
    await transcript.newer();
  });
});

describe('partial text', () => {
  it('grows behind the last row and gives way to its record under the same key', async () => {
    const source = server(2);
    const transcript = opened(source);
    await transcript.open();
    transcript.message(source.say());
    transcript.delta('m:0', 'Hel');
    transcript.delta('m:0', 'lo');
    expect(transcript.state().rows.at(-1)).toMatchObject({ key: '4', text: 'Hello', live: true });
    transcript.message({ ...source.say(), text: 'Hello there' });
    expect(transcript.state().rows.at(-1)).toMatchObject({ key: '4', text: 'Hello there', live: false });
    expect(transcript.state().rows).toHaveLength(4);
  });

  it('of which the beginning was missed says so', async () => {
    const transcript = opened(server(2));
    await transcript.open();
    transcript.delta('m:0', 'and so on');
    expect(transcript.state().rows.at(-1)).toMatchObject({ text: '… and so on' });
  });

  it('does not outlive a reconnect, nor is it shown away from the end', async () => {
    const source = server(1_000);
    const transcript = opened(source);
    await transcript.open();
    transcript.delta('m:0', 'half');
    transcript.resync();
    await settle();
    expect(transcript.state().rows.some((row) => row.kind === 'prose' && row.live)).toBe(false);
    await transcript.open(10);
    transcript.delta('m:1', 'elsewhere');
    expect(transcript.state().rows.some((row) => row.kind === 'prose' && row.live)).toBe(false);
  });
});
