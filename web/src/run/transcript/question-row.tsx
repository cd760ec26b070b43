/** A question of the agent, with its answer once there is one. */
import { useQuery } from '@tanstack/react-query';
import { Check, MessageCircleQuestionMark } from 'lucide-react';
import type { Question } from '../../../../src/contract/resources.ts';
import { operationQuery } from '../../api/query.ts';
import { openQuestion } from '../../questions/open-question.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { duration } from '../../ui/format.ts';
import { listOf, textOf } from './records.ts';
import { useRows } from './row-context.ts';
import type { RowOf } from './rows.ts';

export function QuestionRow({ row }: { row: RowOf<'question'> }) {
  const { runId } = useRows();
  const { data } = useQuery(operationQuery('runs.questions', { run: runId }));
  const question = data?.items.find(({ id }) => id === row.id);
  const waits = question?.state === 'open' || question?.state === 'parked';
  return (
    <section className="ask" aria-label="Question of the agent">
      <div className="ask-head">
        <MessageCircleQuestionMark size={14} strokeWidth={1.75} aria-hidden />
        Question
        <span className="ml-auto font-regular text-fg-2">{question === undefined ? '' : stateWords(question)}</span>
      </div>
      <div className="ask-body">
        {row.items.map((item, index) => (
          <Item
            // biome-ignore lint/suspicious/noArrayIndexKey: items of one question never change places
            key={index}
            question={textOf(item.question)}
            options={listOf(item.options)}
            given={givenTo(question, textOf(item.question))}
          />
        ))}
        {question?.answers !== null && question?.answered_by !== undefined && (
          <p className="text-small text-fg-2">
            Answered by <b className="font-medium text-fg">{question.answered_by ?? 'nobody'}</b>
          </p>
        )}
        {waits && (
          <div>
            <Button kind="you" onClick={() => openQuestion(row.id)}>
              Answer
            </Button>
          </div>
        )}
      </div>
    </section>
  );
}

interface ItemProps {
  readonly question: string;
  readonly options: readonly Record<string, unknown>[];
  readonly given: readonly string[];
}

function Item({ question, options, given }: ItemProps) {
  const own = given.filter((answer) => !options.some(({ label }) => label === answer));
  return (
    <div className="grid gap-2">
      <p className="font-medium break-words">{question}</p>
      {options.length > 0 && (
        <ul className="grid grid-cols-[repeat(auto-fit,minmax(180px,1fr))] gap-2">
          {options.map((option) => {
            const label = textOf(option.label);
            const on = given.includes(label);
            return (
              <li key={label} className={cx('opt', on && 'on', given.length > 0 && !on && 'dim')}>
                <span aria-hidden="true" className="check">
                  {on && <Check size={11} strokeWidth={2.5} />}
                </span>
                <span className="min-w-0">
                  <b className="label">{label}</b>
                  {on && <span className="sr"> (chosen)</span>}
                  {textOf(option.description)}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {own.map((answer) => (
        <p key={answer} className="text-prose break-words whitespace-pre-wrap">
          “{answer}”
        </p>
      ))}
    </div>
  );
}

function givenTo(question: Question | undefined, text: string): readonly string[] {
  const { answers } = question ?? {};
  return answers !== undefined && answers !== null && Object.hasOwn(answers, text) ? (answers[text] ?? []) : [];
}

function stateWords(question: Question): string {
  switch (question.state) {
    case 'open':
      return 'waits for an answer';
    case 'parked':
      return 'parked; it can still be answered';
    case 'expired':
      return 'not answered';
    case 'answered': {
      const after = question.answered_at === null ? 0 : Date.parse(question.answered_at) - Date.parse(question.asked_at);
      return `answered after ${duration(after)}`;
    }
    default:
      return question.state satisfies never;
  }
}
