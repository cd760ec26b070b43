/** Answers given on the command line, as the operation takes them. Whether they are valid is decided by the server. */
import { GluonError } from '../../contract/errors.ts';
import type { QuestionItem } from '../../contract/resources.ts';

/**
 * `choices[i]` answers item i: an option's number or label, own words, or numbers with commas where several may be chosen. `named` are
 * `item=answer`, the item by its text or its number from 1; repeated for several answers. Throws `wrong_use`.
 */
export function typedAnswers(
  items: readonly QuestionItem[],
  choices: readonly string[],
  named: readonly string[],
): Record<string, string[]> {
  const answers: Record<string, string[]> = Object.create(null);
  if (choices.length > items.length) {
    throw new GluonError('wrong_use', { why: `The question takes ${items.length} answers, not ${choices.length}.`, command: 'answer' });
  }
  for (const [index, choice] of choices.entries()) {
    const item = items[index];
    if (item !== undefined) answers[item.question] = labelsOf(item, choice);
  }
  for (const text of named) {
    const { item, value } = splitNamed(items, text);
    answers[item.question] = [...(answers[item.question] ?? []), ...labelsOf(item, value)];
  }
  return answers;
}

function splitNamed(items: readonly QuestionItem[], text: string): { item: QuestionItem; value: string } {
  const whole = items.find((item) => text.startsWith(`${item.question}=`));
  if (whole !== undefined) return { item: whole, value: text.slice(whole.question.length + 1) };
  const at = text.indexOf('=');
  const key = at < 0 ? '' : text.slice(0, at).trim();
  const item =
    items.find((each) => each.question.toLowerCase() === key.toLowerCase()) ?? (/^\d+$/.test(key) ? items[Number(key) - 1] : undefined);
  if (item === undefined) {
    throw new GluonError('wrong_use', { why: `"${text}" is not "question=answer" of this question.`, command: 'answer' });
  }
  return { item, value: text.slice(at + 1) };
}

function labelsOf(item: QuestionItem, value: string): string[] {
  if (item.options.some((option) => option.label.toLowerCase() === value.trim().toLowerCase())) return [value];
  const numbers = /^\s*\d+(\s*,\s*\d+)*\s*$/.test(value) ? value.split(',').map(Number) : [];
  const labels = numbers.map((number) => item.options[number - 1]?.label);
  const known = labels.filter((label): label is string => label !== undefined);
  if (numbers.length > 0 && item.options.length > 0 && known.length < numbers.length) {
    throw new GluonError('wrong_use', { why: `"${value}": there are options 1 to ${item.options.length}.`, command: 'answer' });
  }
  return known.length > 0 ? known : [value];
}
