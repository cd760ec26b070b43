/** Questions of the agent to people, in the vendor's words and in ours. */
import type { QuestionItem } from '../../../contract/resources.ts';
import { type Fields, listOf, stringOf } from './sdk-message.ts';

/** Input of the tool AskUserQuestion. The tool always offers "Other", so free text is welcome. */
export function questionItemsOf(input: Fields): QuestionItem[] {
  return listOf(input.questions).map((question) => ({
    question: stringOf(question.question) ?? '',
    header: stringOf(question.header) ?? '',
    multi_select: question.multiSelect === true,
    options: listOf(question.options).map((option) => ({
      label: stringOf(option.label) ?? '',
      description: stringOf(option.description) ?? '',
    })),
    free_text: true,
  }));
}

/** The input with answers in it, by question; several labels are joined by commas, as the tool expects. */
export function answeredInput(input: Fields, answers: Readonly<Record<string, string[]>>): Record<string, unknown> {
  const joined = Object.fromEntries(Object.entries(answers).map(([question, labels]) => [question, labels.join(', ')]));
  return { ...input, answers: joined };
}
