/** Asks the items of one question with prompts. */
import { isCancel, multiselect, select, text } from '@clack/prompts';
import type { Question, QuestionItem } from '../../contract/resources.ts';
import type { CliIo } from '../io.ts';
import { oneLine } from '../terminal/format.ts';
import type { Style } from '../terminal/style.ts';

/** No label can be it: labels are never empty. */
const OWN_WORDS = '';

/** The answers keyed by the text of each item; null when the person left, or `signal` says that the question is no longer open. */
export async function askOnTerminal(
  question: Question,
  signal: AbortSignal,
  style: Style,
  io: CliIo,
): Promise<Record<string, string[]> | null> {
  io.out.write(`${style('yellow', '?')} The agent of ${style('bold', oneLine(question.run_title, 60))} asks:\n`);
  const answers: Record<string, string[]> = Object.create(null);
  for (const item of question.items) {
    const labels = await askItem(item, signal);
    if (labels === null) return null;
    answers[item.question] = labels;
  }
  return answers;
}

async function askItem(item: QuestionItem, signal: AbortSignal): Promise<string[] | null> {
  const message = oneLine(item.question);
  if (item.options.length === 0) return askOwnWords(message, signal);
  const options = item.options.map((option) => ({
    value: option.label,
    label: oneLine(option.label),
    hint: oneLine(option.description, 80),
  }));
  const own = item.free_text ? [{ value: OWN_WORDS, label: 'In my own words …', hint: '' }] : [];
  const prompt = { message, options: [...options, ...own], signal };
  const choice: unknown = item.multi_select ? await multiselect({ ...prompt, required: true }) : await select(prompt);
  if (isCancel(choice)) return null;
  const labels = Array.isArray(choice) ? choice.map(String) : [String(choice)];
  if (!labels.includes(OWN_WORDS)) return labels;
  const words = await askOwnWords(message, signal);
  return words === null ? null : [...labels.filter((label) => label !== OWN_WORDS), ...words];
}

async function askOwnWords(message: string, signal: AbortSignal): Promise<string[] | null> {
  const words = await text({
    message,
    signal,
    validate: (value) => ((value ?? '').trim() === '' ? 'Say something, or leave with Ctrl-C.' : undefined),
  });
  return isCancel(words) ? null : [words];
}
