/** The questions that wait for a person, and how live messages change them. Pure. */
import type { Question } from '../../../src/contract/resources.ts';

/** Those with time running first, oldest first; then those that parked their run. */
export function ordered(questions: Iterable<Question>): Question[] {
  return [...questions]
    .filter(({ state }) => state === 'open' || state === 'parked')
    .sort((one, other) => (one.state === other.state ? one.asked_at.localeCompare(other.asked_at) : one.state === 'open' ? -1 : 1));
}

/** One question is new, answered, parked or over. */
export function withQuestion(queue: readonly Question[], changed: Question): Question[] {
  return ordered([...queue.filter(({ id }) => id !== changed.id), changed]);
}

/** The one to show after `id`; null: there is no other. */
export function nextAfter(queue: readonly Question[], id: string): string | null {
  const at = queue.findIndex((each) => each.id === id);
  const next = queue[at + 1] ?? queue[0];
  return next === undefined || next.id === id ? null : next.id;
}

/** Share of its time that a question has left, 0 to 1. */
export function shareLeft(question: Pick<Question, 'asked_at' | 'expires_at'>, nowMs: number): number {
  const from = Date.parse(question.asked_at);
  const to = Date.parse(question.expires_at);
  return to <= from ? 0 : Math.max(0, Math.min(1, (to - nowMs) / (to - from)));
}

/** `4:12`, `1:04:12`, `0:00`. */
export function countdown(expiresAt: string, nowMs: number): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(expiresAt) - nowMs) / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
