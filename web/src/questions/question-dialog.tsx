/** The dialog that answers a question of an agent, from any page. */
import { Link } from '@tanstack/react-router';
import { MessageCircleQuestionMark } from 'lucide-react';
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { Question } from '../../../src/contract/resources.ts';
import { ApiFailure } from '../api/failure.ts';
import { Keys } from '../keyboard/keys.tsx';
import { useShortcuts } from '../keyboard/shortcuts.ts';
import { keepDraft, readDraft } from '../run/drafts.ts';
import { useCard } from '../store/use-runs.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ago, duration, money } from '../ui/format.ts';
import { Glyph } from '../ui/glyph.tsx';
import { modelName } from '../ui/model-name.ts';
import { sentenceOf } from '../ui/problem.tsx';
import { useSignal } from '../ui/signal.ts';
import { toast } from '../ui/toast.tsx';
import { useNow } from '../ui/use-now.ts';
import { answersOf, draftsFrom, type ItemDraft, NOTHING_CHOSEN, sendWords, toggled, typed } from './answers.ts';
import { shownQuestion } from './open-question.ts';
import { QuestionItemFields } from './question-item.tsx';
import { questions, readQuestions, sendAnswers } from './questions.ts';
import { countdown, nextAfter, shareLeft } from './queue.ts';

const close = () => shownQuestion.set(null);

export function QuestionDialog() {
  const id = useSignal(shownQuestion);
  const queue = useSignal(questions);
  const found = queue.find((each) => each.id === id);
  // While it fades out it shows what it had.
  const last = useRef<Question | undefined>(undefined);
  if (found !== undefined) last.current = found;
  const fields = useRef<HTMLDivElement>(null);
  const place = queue.findIndex((each) => each.id === id) + 1;

  useEffect(() => {
    if (id === null || found !== undefined) return;
    readQuestions()
      .then(() => {
        if (shownQuestion.get() !== id || questions.get().some((each) => each.id === id)) return;
        close();
        toast({ kind: 'info', title: 'This question is not open any more', text: 'It was answered, or its run has ended.' });
      })
      .catch((error: unknown) => {
        close();
        toast({ kind: 'error', title: 'The question could not be read', text: sentenceOf(error) });
      });
  }, [id, found]);

  return (
    <Dialog
      open={id !== null && found !== undefined}
      onClose={close}
      title="Input Required"
      look="you"
      width={560}
      initialFocus={() => fields.current?.querySelector('input') ?? null}
      closeLabel="Close, the question stays open"
      before={<MessageCircleQuestionMark size={18} strokeWidth={1.75} className="text-accent-fg" />}
      after={
        last.current !== undefined && (
          <>
            {queue.length > 1 && place > 0 && (
              <span className="num text-small text-fg-2">
                {place} of {queue.length}
              </span>
            )}
            <TimeLeft question={last.current} />
          </>
        )
      }
    >
      {last.current !== undefined && <Answering key={last.current.id} question={last.current} queue={queue} fields={fields} />}
    </Dialog>
  );
}

function TimeLeft({ question }: { question: Question }) {
  const now = useNow();
  if (question.state === 'parked')
    return <span className="num ml-auto text-accent-fg">parked {ago(Date.parse(question.expires_at), now)}</span>;
  const text = countdown(question.expires_at, now);
  const around = 2 * Math.PI * 8;
  return (
    <span className="ml-auto flex items-center gap-2 text-accent-fg">
      <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true" className="max-phone:hidden">
        <circle cx="10" cy="10" r="8" fill="none" stroke="var(--accent-line)" strokeWidth="2.5" />
        <circle
          cx="10"
          cy="10"
          r="8"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="2.5"
          strokeLinecap="round"
          strokeDasharray={`${shareLeft(question, now) * around} ${around}`}
          transform="rotate(-90 10 10)"
        />
      </svg>
      <span role="timer" className={`num ${Date.parse(question.expires_at) - now < 60_000 ? 'font-semibold' : 'font-medium'}`}>
        {text}
      </span>
    </span>
  );
}

interface AnsweringProps {
  readonly question: Question;
  readonly queue: readonly Question[];
  readonly fields: RefObject<HTMLDivElement | null>;
}

function Answering({ question, queue, fields }: AnsweringProps) {
  const draftKey = `question.${question.id}`;
  const [drafts, setDrafts] = useState<readonly ItemDraft[]>(() => draftsFrom(readDraft(localStorage, draftKey), question.items));
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const next = nextAfter(queue, question.id);
  const answers = answersOf(question.items, drafts);

  const put = (index: number, draft: ItemDraft) => {
    const all = question.items.map((_, at) => (at === index ? draft : (drafts[at] ?? NOTHING_CHOSEN)));
    setDrafts(all);
    setError(null);
    keepDraft(localStorage, draftKey, JSON.stringify(all), Date.now());
  };
  const send = async () => {
    if (busy) return;
    if (answers === null)
      return setError(question.items.length > 1 ? 'Every question needs an answer.' : 'Choose an answer, or write one.');
    setBusy(true);
    try {
      await sendAnswers(question, answers);
      keepDraft(localStorage, draftKey, '', Date.now());
      // Somebody may have closed the dialog, or opened another question.
      if (shownQuestion.get() === question.id) shownQuestion.set(next);
    } catch (failure) {
      if (failure instanceof ApiFailure && failure.code === 'question_answered') {
        close();
        toast({ kind: 'info', title: failure.message, text: question.run_title });
      } else setError(sentenceOf(failure));
    } finally {
      setBusy(false);
    }
  };
  const press = (number: number) => {
    const [item] = question.items;
    const option = item?.options[number - 1];
    if (item !== undefined && option !== undefined) put(0, toggled(item, drafts[0] ?? NOTHING_CHOSEN, option.label));
  };
  useShortcuts('Dialog', [
    { keys: 'mod+enter', label: 'Submit', run: () => void send() },
    ...(question.items.length === 1
      ? Array.from({ length: 9 }, (_, index) => ({ keys: String(index + 1), run: () => press(index + 1) }))
      : []),
  ]);

  return (
    <>
      <div
        ref={fields}
        className="grid min-h-0 flex-1 content-start gap-3 overflow-auto overscroll-contain px-5 pt-3.5 pb-4.5 max-phone:px-4 max-phone:pt-0"
      >
        <RunContext question={question} />
        {question.items.map((item, index) => (
          <QuestionItemFields
            // biome-ignore lint/suspicious/noArrayIndexKey: items never change their places, and two may ask the same
            key={`${index}:${item.question}`}
            item={item}
            alone={question.items.length === 1}
            draft={drafts[index] ?? NOTHING_CHOSEN}
            onToggle={(label) => put(index, toggled(item, drafts[index] ?? NOTHING_CHOSEN, label))}
            onType={(text) => put(index, typed(item, drafts[index] ?? NOTHING_CHOSEN, text))}
          />
        ))}
        {error !== null && (
          <p role="alert" className="flex gap-2 text-small break-words text-failed-fg">
            <Glyph name="failed" size={13} className="mt-px" />
            {error}
          </p>
        )}
      </div>
      <footer className="dialog-foot max-phone:flex-col-reverse max-phone:border-0 max-phone:bg-overlay">
        <span className="min-w-0 flex-1 text-small text-fg-2 max-phone:hidden">
          {question.state === 'parked'
            ? 'The run is parked in Review. Your answer lets it go on.'
            : 'At 0:00 the run is parked in Review. Nothing is lost.'}
        </span>
        <Button
          onClick={() => shownQuestion.set(next)}
          className="max-phone:h-11 max-phone:w-full max-phone:text-fg-2"
          {...(next === null ? {} : { 'aria-label': 'Skip to the next question' })}
        >
          {next === null ? 'Later' : 'Skip'}
        </Button>
        <Button
          kind="primary"
          busy={busy}
          onClick={() => void send()}
          aria-disabled={answers === null || undefined}
          className="max-phone:h-12 max-phone:w-full max-phone:rounded-xl max-phone:text-[15px] aria-disabled:opacity-60"
        >
          {sendWords(question.items, drafts)}
          <Keys of="mod+enter" />
        </Button>
      </footer>
    </>
  );
}

function RunContext({ question }: { question: Question }) {
  const card = useCard(question.run_id);
  const now = useNow(60_000);
  const facts =
    card === undefined
      ? [question.project]
      : [
          question.project,
          modelName(card.model, card.agent),
          money(card.cost_usd),
          ...(card.started_at === null ? [] : [duration(now - Date.parse(card.started_at)).split(' ')[0] ?? '']),
        ];
  return (
    <div className="flex flex-wrap items-center gap-x-2 gap-y-0.5 text-small text-fg-2">
      <Glyph name="waiting" size={12} className="max-phone:hidden" />
      <b className="min-w-0 truncate font-medium text-fg">{question.run_title}</b>
      <span className="num text-fg-3">{facts.join(' · ')}</span>
      <Link to="/runs/$run" params={{ run: question.run_id }} onClick={close} className="ml-auto font-medium text-accent-fg">
        Open run
      </Link>
    </div>
  );
}
