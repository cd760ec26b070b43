/** What a person has chosen for each item of a question, and what is sent of it. Pure. */
import type { QuestionItem } from '../../../src/contract/resources.ts';

export interface ItemDraft {
  /** Labels of options. */
  readonly chosen: readonly string[];
  /** Own words; of a single choice they count only while `own` is chosen. */
  readonly text: string;
  readonly own: boolean;
}

export const NOTHING_CHOSEN: ItemDraft = { chosen: [], text: '', own: false };

/** Chooses an option or takes it back. */
export function toggled(item: QuestionItem, draft: ItemDraft, label: string): ItemDraft {
  if (!item.multi_select) return { ...draft, chosen: [label], own: false };
  const chosen = draft.chosen.includes(label) ? draft.chosen.filter((each) => each !== label) : [...draft.chosen, label];
  return { ...draft, chosen };
}

/** Typing own words chooses them, where one answer is taken. */
export function typed(item: QuestionItem, draft: ItemDraft, text: string): ItemDraft {
  return item.multi_select ? { ...draft, text } : { ...draft, text, own: true, chosen: [] };
}

/** What is sent for one item; empty: it has no answer yet. */
export function answerOf(item: QuestionItem, draft: ItemDraft): string[] {
  const words = draft.text.trim();
  if (!item.multi_select) return draft.own || item.options.length === 0 ? (words === '' ? [] : [words]) : draft.chosen.slice(0, 1);
  // In the order in which the agent offered them.
  const chosen = item.options.map(({ label }) => label).filter((label) => draft.chosen.includes(label));
  return words === '' ? chosen : [...chosen, words];
}

/** Answers by item, as the server takes them; null while an item has none. */
export function answersOf(items: readonly QuestionItem[], drafts: readonly ItemDraft[]): Record<string, string[]> | null {
  const answers = items.map((item, index) => answerOf(item, drafts[index] ?? NOTHING_CHOSEN));
  if (answers.some((answer) => answer.length === 0)) return null;
  // By number: two items may ask the same. By text only where a text could be taken for a number.
  const byText = items.some(({ question }) => /^\d+$/.test(question));
  return Object.fromEntries(answers.map((answer, index) => [byText ? (items[index]?.question ?? '') : String(index + 1), answer]));
}

/** The label without its mark, and whether it has one. */
export function optionLabel(label: string): { text: string; recommended: boolean } {
  const text = label.replace(/\s*\(recommended\)\s*/i, ' ').trim();
  return text === '' || text === label.trim() ? { text: label, recommended: false } : { text, recommended: true };
}

/** "Send", "Send answer", "Send 2 answers". */
export function sendWords(items: readonly QuestionItem[], drafts: readonly ItemDraft[]): string {
  const count = items.reduce((sum, item, index) => sum + answerOf(item, drafts[index] ?? NOTHING_CHOSEN).length, 0);
  return count === 0 ? 'Send' : count === 1 ? 'Send answer' : `Send ${count} answers`;
}

/** Kept text as drafts; what does not fit the items any more is left out. */
export function draftsFrom(kept: string, items: readonly QuestionItem[]): ItemDraft[] {
  const list = parsedList(kept);
  return items.map((item, index) => {
    const { chosen, text, own } = (list[index] ?? {}) as Record<string, unknown>;
    const labels = item.options.map(({ label }) => label);
    return {
      chosen: Array.isArray(chosen) ? chosen.filter((label): label is string => typeof label === 'string' && labels.includes(label)) : [],
      text: typeof text === 'string' ? text : '',
      own: own === true,
    };
  });
}

function parsedList(kept: string): unknown[] {
  try {
    const value: unknown = JSON.parse(kept);
    return Array.isArray(value) ? value : [];
  } catch {
    // Nothing was kept.
    return [];
  }
}
