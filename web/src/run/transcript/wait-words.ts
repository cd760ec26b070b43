/** What a record of a held-back call says: the provider's limits, and tries that failed. Pure. */
import { clockTime, duration, words } from '../../ui/format.ts';
import { type Fields, numberOf, textOf } from './records.ts';

export function waitWords(record: Fields): { what: string; why: string } {
  const retry = numberOf(record.retry);
  if (retry !== null) {
    const delay = numberOf(record.delay_ms);
    const status = numberOf(record.status);
    return {
      what: `Try ${retry} of ${numberOf(record.of) ?? '?'}${delay === null ? '' : `, after ${duration(delay)}`}`,
      why: [status === null ? '' : String(status), textOf(record.cause).replaceAll('_', ' ')].filter(Boolean).join(', '),
    };
  }
  const untilMs = numberOf(record.until_ms);
  const until = untilMs === null ? null : new Date(untilMs);
  const kind = textOf(record.kind);
  return {
    what: record.rejected === true ? 'The provider refuses more calls' : 'The provider’s limit is near',
    why: [kind === '' ? '' : words(kind), until === null || Number.isNaN(until.getTime()) ? '' : `until ${clockTime(until.toISOString())}`]
      .filter(Boolean)
      .join(', '),
  };
}
