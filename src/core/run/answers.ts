/** Checks answers against a question, and chooses one when nobody answers. */

interface Item {
  readonly question: string;
  readonly multi_select: boolean;
  readonly free_text: boolean;
  readonly options: readonly { readonly label: string }[];
}

export type AnswerDecision = { kind: 'valid'; answers: Record<string, string[]> } | { kind: 'invalid'; why: string };

/**
 * `given` is keyed by the text of each item, or by its number from 1. Labels match in any case; every item needs an answer; several
 * labels only where the item is multi-select; other text only where free text is allowed.
 */
export function checkAnswers(items: readonly Item[], given: Readonly<Record<string, string | readonly string[]>>): AnswerDecision {
  const answers: Record<string, string[]> = Object.create(null);
  const known = new Set<string>();
  for (const [index, item] of items.entries()) {
    const key = Object.hasOwn(given, item.question) ? item.question : String(index + 1);
    const value = Object.hasOwn(given, key) ? given[key] : undefined;
    known.add(key);
    const labels = (value === undefined ? [] : typeof value === 'string' ? [value] : [...value]).filter((label) => label.trim() !== '');
    if (labels.length === 0) return { kind: 'invalid', why: `"${item.question}" has no answer` };
    if (labels.length > 1 && !item.multi_select) return { kind: 'invalid', why: `"${item.question}" takes one answer` };
    const chosen: string[] = [];
    for (const label of labels) {
      const option = findOption(item, label);
      if (option === null && !item.free_text) {
        return { kind: 'invalid', why: `"${label}" is not one of ${item.options.map((o) => `"${o.label}"`).join(', ')}` };
      }
      chosen.push(option ?? label);
    }
    answers[item.question] = [...new Set(chosen)];
  }
  const extra = Object.keys(given).find((key) => !known.has(key));
  if (extra !== undefined) return { kind: 'invalid', why: `there is no question "${extra}"` };
  return { kind: 'valid', answers };
}

function findOption(item: Item, label: string): string | null {
  const wanted = label.trim().toLowerCase();
  const exact = item.options.find((option) => option.label.trim().toLowerCase() === wanted);
  return exact?.label ?? null;
}

/** The option marked "(Recommended)", else the first; an item without options gets a sentence that leaves it to the agent. */
export function automaticAnswers(items: readonly Item[]): Record<string, string[]> {
  const answers: Record<string, string[]> = Object.create(null);
  for (const item of items) {
    const recommended = item.options.find((option) => /\(recommended\)/i.test(option.label)) ?? item.options[0];
    answers[item.question] = [recommended?.label ?? 'Nobody is there to answer; use your best judgement.'];
  }
  return answers;
}

/** What a resumed agent is told when a question was answered after its run was parked. */
export function answersAsPrompt(answers: Readonly<Record<string, readonly string[]>>): string {
  const lines = Object.entries(answers).map(([question, labels]) => `Question: ${question}\nAnswer: ${labels.join(', ')}`);
  return `Your questions have been answered:\n\n${lines.join('\n\n')}\n\nGo on with the task.`;
}
