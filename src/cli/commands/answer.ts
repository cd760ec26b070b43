import { GluonError } from '../../contract/errors.ts';
import type { Question } from '../../contract/resources.ts';
import type { Arguments, CommandCode, CommandContext } from '../command.ts';
import { typedAnswers } from '../questions/typed-answers.ts';
import { runRef } from '../run-ref.ts';
import { oneLine } from '../terminal/format.ts';
import { printResult } from '../terminal/print.ts';
import { openQuestions } from './runs.ts';

/** Answers the oldest open question of a run, or the one named by `--question`. */
export const answer: CommandCode = async (context, args) => {
  const question = choose(await openQuestions(context, runRef(args)), args);
  const answers = await answersFor(context, args, question);
  if (answers === null) return 130;
  const answered = await context.client.call('questions.answer', { question: question.id, answers });
  printResult(
    context,
    answered,
    () =>
      `Answered: ${Object.values(answers)
        .flat()
        .map((label) => oneLine(label))
        .join(', ')}\n`,
  );
  return 0;
};

function choose(open: readonly Question[], args: Arguments): Question {
  const wanted = args.text('question');
  const question = wanted === undefined ? open[0] : open.find((each) => each.id.startsWith(wanted));
  if (question === undefined) throw new GluonError('question_not_found', { question: wanted ?? `open on run ${args.required('run')}` });
  return question;
}

async function answersFor(context: CommandContext, args: Arguments, question: Question): Promise<Record<string, string[]> | null> {
  const choices = args.list('choice');
  const named = args.list('answer');
  if (choices.length > 0 || named.length > 0) return typedAnswers(question.items, choices, named);
  if (context.json || !context.io.stdinIsTerminal || !context.io.out.isTerminal) {
    throw new GluonError('wrong_use', { why: 'Nobody can be asked here: give the number or the label of an option.', command: 'answer' });
  }
  const { askOnTerminal } = await import('../questions/ask-on-terminal.ts');
  return askOnTerminal(question, new AbortController().signal, context.style, context.io);
}
