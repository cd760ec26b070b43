/** What the doctor looks at among the runs: what the store says against what lives in this process, and the times of both. */
import type { AttemptRow, QuestionRow } from '../ports/store.ts';
import { settleQuestion } from './attempt/questions.ts';
import type { Deps } from './deps.ts';
import { type Answer, type Check, fail, fixable, pass, warn } from './doctor-finding.ts';
import { reconcileTick } from './reconcile.ts';

/** An attempt that began a moment ago has no handle yet, a question that ends now is just being settled, and clocks are set by a little. */
const GRACE_MS = 5_000;
const OLDEST_CLOCK_YEAR = 2025;

export function runChecks(deps: Deps): Check[] {
  return [
    { id: 'attempts', group: 'runs', title: 'Attempts', look: () => attempts(deps) },
    { id: 'leases', group: 'runs', title: 'Leases of the attempts', look: () => leases(deps) },
    { id: 'orphans', group: 'runs', title: 'Left-over processes', look: () => orphans(deps) },
    { id: 'questions', group: 'runs', title: 'Open questions', look: () => questions(deps) },
    { id: 'clock', group: 'machine', title: 'Clock', look: () => clock(deps) },
  ];
}

/** Renews leases, ends left-over processes, and settles questions that nobody waits for. Each is what Gluon does by itself as well. */
export async function applySafeFixes(deps: Deps): Promise<void> {
  await reconcileTick(deps, new Map());
  for (const question of await expiredQuestions(deps))
    if (!isWaitedFor(deps, question)) await settleQuestion(deps, question, { state: 'parked', answers: null, by: null });
}

async function attempts(deps: Deps): Promise<Answer> {
  const live = await deps.store.liveAttempts();
  const lost = live.filter((attempt) => !isHeld(deps, attempt) && isOver(deps, attempt.started_at));
  return lost.length === 0
    ? pass(`${live.length} live`)
    : warn(
        `lost: ${names(lost)}`,
        'Gluon takes them up by itself within a minute. If they stay, restart it with "gluon down" and "gluon up".',
      );
}

async function leases(deps: Deps): Promise<Answer> {
  const stale = (await deps.store.liveAttempts()).filter((attempt) => isOver(deps, attempt.lease_expires_at));
  if (stale.length === 0) return pass('none is over');
  if (stale.every((attempt) => isHeld(deps, attempt))) return fixable(`over, though at work here: ${names(stale)}`);
  return warn(
    `over: ${names(stale)}`,
    'Gluon takes such attempts up by itself within a minute. If they stay, restart it with "gluon down" and "gluon up".',
  );
}

async function orphans(deps: Deps): Promise<Answer> {
  const found = await deps.sandbox.orphans(new Set(deps.live.all().map((attempt) => attempt.runId)));
  return found.length === 0 ? pass('none') : fixable(`${found.length}: ${some(found.map(({ pid }) => String(pid)))}`);
}

async function questions(deps: Deps): Promise<Answer> {
  const open = await deps.store.openQuestions();
  const expired = await expiredQuestions(deps);
  if (expired.length === 0) return pass(`${open.length} open, none is over its time`);
  const detail = `over their time: ${some(expired.map((question) => `${question.id} of run ${question.run_id}`))}`;
  return expired.some((question) => !isWaitedFor(deps, question))
    ? fixable(detail)
    : warn(detail, 'Answer them with "gluon answer", or stop their runs with "gluon cancel".');
}

/** Certificates and expiry times mean nothing with a clock that is years off, and the order of events with one that went back. */
async function clock(deps: Deps): Promise<Answer> {
  const nowMs = deps.clock.nowMs();
  const shown = new Date(nowMs);
  if (shown.getUTCFullYear() < OLDEST_CLOCK_YEAR) return fail(`the year is ${shown.getUTCFullYear()}`, 'Set the clock of this machine.');
  const newest = (await deps.store.activity({}, 1)).items[0];
  const aheadMs = newest === undefined ? 0 : Date.parse(newest.at) - nowMs;
  if (aheadMs <= GRACE_MS) return pass(shown.toISOString());
  return warn(
    `it is ${shown.toISOString()}, but the newest event is of ${newest?.at}: the clock went back by ${Math.round(aheadMs / 1000)} s`,
    'Set the clock of this machine. Until it has caught up, times and expiry dates are not right.',
  );
}

async function expiredQuestions(deps: Deps): Promise<QuestionRow[]> {
  return (await deps.store.openQuestions()).filter((question) => isOver(deps, question.expires_at));
}

function isHeld(deps: Deps, attempt: Pick<AttemptRow, 'run_id' | 'id'>): boolean {
  return deps.live.get(attempt.run_id)?.attemptId === attempt.id;
}

/** Its attempt lives here, and the agent with it. */
function isWaitedFor(deps: Deps, question: QuestionRow): boolean {
  return isHeld(deps, { run_id: question.run_id, id: question.attempt_id });
}

function isOver(deps: Deps, at: string | null): boolean {
  return at !== null && Date.parse(at) + GRACE_MS < deps.clock.nowMs();
}

const SHOWN = 5;

function some(names: string[]): string {
  return names.length <= SHOWN ? names.join(', ') : `${names.slice(0, SHOWN).join(', ')} and ${names.length - SHOWN} more`;
}

function names(rows: AttemptRow[]): string {
  return some(rows.map((attempt) => `attempt ${attempt.number} of run ${attempt.run_id}`));
}
