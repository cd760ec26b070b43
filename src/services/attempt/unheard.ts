/** What people said to an agent whose attempt ended before it showed that it had heard them. */
import { answersAsPrompt } from '../../core/run/answers.ts';
import { joinMessages } from '../../core/run/prompts.ts';
import type { AttemptRow } from '../../ports/store.ts';
import type { Deps } from '../deps.ts';

export interface Unheard {
  text: string;
  images: string[];
}

/** Only the end of the transcript matters. */
const RECORDS_LOOKED_AT = 200;

/**
 * The prompt of the attempt when the agent showed no sign of life, and every message and answer that was handed over after its last
 * one. Rather said twice than never. Null: it heard everything.
 */
export async function unheardBy(deps: Pick<Deps, 'store' | 'transcripts'>, attempt: AttemptRow): Promise<Unheard | null> {
  const { items } = await deps.transcripts.read(attempt.run_id, { limit: RECORDS_LOOKED_AT });
  // That a program started does not say that it read anything.
  const isSign = ({ type }: { type: string }) => type !== 'user' && type !== 'system';
  const sign = items.findLast((record) => record.attempt === attempt.number && isSign(record));
  const since = sign?.at ?? attempt.started_at;
  const messages = (await deps.store.followUps(attempt.run_id)).filter(
    (message) => message.state === 'delivered' && message.delivered_at !== null && message.delivered_at >= since,
  );
  const answers = (await deps.store.questionsOfRun(attempt.run_id)).filter(
    (question) => question.attempt_id === attempt.id && question.state === 'answered' && (question.answered_at ?? '') >= since,
  );
  const said = [
    ...(sign === undefined ? [attempt.prompt] : []),
    ...answers.map((question) => answersAsPrompt(question.answers ?? {})),
    ...messages.map((message) => message.text),
  ];
  return said.length === 0 ? null : { text: joinMessages(said), images: messages.flatMap((message) => message.images) };
}
