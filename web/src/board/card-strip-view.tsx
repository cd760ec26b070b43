import { Ban, CircleDollarSign, MemoryStick, MessageCircleQuestionMark, OctagonX, Timer } from 'lucide-react';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { openQuestion } from '../questions/open-question.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Glyph } from '../ui/glyph.tsx';
import { tip } from '../ui/tooltip.tsx';
import { useNow } from '../ui/use-now.ts';
import { questionTime, type Strip, stripOf, waitTime } from './card-strip.ts';

export function CardStrip({ card }: { card: RunCard }) {
  const strip = stripOf(card);
  if (strip === null) return null;
  if (strip.kind === 'you') return <QuestionStrip strip={strip} title={card.title} />;
  if (strip.kind === 'wait') return <WaitStrip strip={strip} />;
  const Icon = iconOf(card.outcome, strip.kind);
  return (
    <div className={cx('strip', strip.kind === 'failed' ? 'strip-failed' : 'strip-stop')} {...tip(strip.text)}>
      <Icon size={12} strokeWidth={1.75} className="flex-none" />
      <b>{strip.word}</b>
      <span className="strip-text">{strip.text}</span>
      {strip.figure !== null && <span className="num">{strip.figure}</span>}
    </div>
  );
}

function iconOf(outcome: RunCard['outcome'], kind: 'failed' | 'stop') {
  if (outcome === 'resource_memory') return MemoryStick;
  if (outcome === 'limit_budget' || outcome === 'billing') return CircleDollarSign;
  if (outcome === 'limit_time' || outcome === 'rate_limited') return Timer;
  return kind === 'failed' ? OctagonX : Ban;
}

/** With less than a minute left the time turns bold; it does not blink. */
function QuestionStrip({ strip, title }: { strip: Extract<Strip, { kind: 'you' }>; title: string }) {
  const now = useNow();
  const left = Date.parse(strip.expiresAt) - now;
  return (
    <div className="strip strip-you">
      <MessageCircleQuestionMark size={14} strokeWidth={1.75} className="flex-none" />
      <b>Input Required</b>
      <span className={cx('num', left > 0 && left < 60_000 && 'font-semibold')}>{questionTime(strip.expiresAt, strip.parked, now)}</span>
      <Button
        kind="you"
        size="xs"
        aria-label={`Answer: ${title}`}
        className="max-phone:order-1 max-phone:mt-1 max-phone:w-full max-phone:!rounded-md max-phone:!text-prose"
        onClick={() => openQuestion(strip.id)}
      >
        Answer
      </Button>
      <span className="strip-question">{strip.question}</span>
    </div>
  );
}

function WaitStrip({ strip }: { strip: Extract<Strip, { kind: 'wait' }> }) {
  const now = useNow();
  return (
    <div className="strip strip-wait" {...tip(strip.text)}>
      <Glyph name="waiting" size={12} />
      <b>{strip.word}</b>
      <span className="strip-text">{strip.text}</span>
      <span className="num">{waitTime(strip.waiting, now)}</span>
    </div>
  );
}
