/** Numbers, times and ids as people read them. */
import { stripTerminal } from '../../core/text/strip-terminal.ts';
import { cutToWidth } from './width.ts';

/** Ids are shown by their first 8 characters; any unique prefix is accepted. */
export function shortId(id: string | null): string {
  return id === null ? '-' : stripTerminal(id).slice(0, 8);
}

/** One line of untrusted text. */
export function oneLine(text: string, columns = Number.POSITIVE_INFINITY): string {
  const line = stripTerminal(text).replace(/\s+/gu, ' ').trim();
  return Number.isFinite(columns) ? cutToWidth(line, columns) : line;
}

/** Null is a cost that nobody knows: a model without a price. */
export function usd(amountUsd: number | null): string {
  if (amountUsd === null) return '?';
  return `$${amountUsd.toFixed(amountUsd !== 0 && amountUsd < 1 ? 4 : 2)}`;
}

export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)}s`;
  if (seconds < 60) return `${Math.floor(seconds)}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${String(Math.floor(seconds % 60)).padStart(2, '0')}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours}h ${String(minutes % 60).padStart(2, '0')}m`;
  return `${Math.floor(hours / 24)}d ${hours % 24}h`;
}

export function ago(timestamp: string | null, nowMs: number): string {
  return timestamp === null
    ? '-'
    : `${duration(Math.max(0, Math.round((nowMs - Date.parse(timestamp)) / 1000) * 1000)).replace(/\.\d/, '')} ago`;
}

export function bytes(count: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let amount = count;
  let at = 0;
  while (amount >= 1000 && at < units.length - 1) {
    amount /= 1000;
    at += 1;
  }
  return at === 0 ? `${amount} B` : `${amount.toFixed(1)} ${units[at]}`;
}

export function count(amount: number): string {
  if (amount < 10_000) return String(amount);
  return amount < 1_000_000 ? `${(amount / 1000).toFixed(1)}k` : `${(amount / 1_000_000).toFixed(2)}M`;
}

export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}
