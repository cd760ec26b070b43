import { GluonError } from '../contract/errors.ts';
import type { CallContext, Handlers } from '../contract/handlers.ts';
import type { conversationOperations } from '../contract/operations/conversation.ts';
import type { runReadingOperations } from '../contract/operations/run-reading.ts';
import type { runOperations } from '../contract/operations/runs.ts';
import type { Attempt, Run } from '../contract/resources.ts';
import type { AttemptRow, FollowUpRow } from '../ports/store.ts';
import { answerQuestion } from './answer-question.ts';
import { listRuns } from './board.ts';
import { type Deps, now } from './deps.ts';
import { changeEgress, showEgress } from './egress.ts';
import { findProject, findRun, shownRun } from './find.ts';
import { mergeRun } from './merge-run.ts';
import { archiveRun, cancelRun, interruptRun, moveRun } from './move-run.ts';
import { only } from './only.ts';
import { listCommits, listFiles, readCommit, readDiff } from './read-change.ts';
import { answerableQuestions, shownQuestion } from './render-question.ts';
import { submitRun } from './submit-run.ts';
import { changeFollowUp, forkRun, recoverRun, resumeRun, sendToRun } from './talk-to-run.ts';
import { unitOfWork } from './unit-of-work.ts';
import { updateRunFields } from './update-run.ts';
import { undeleteRun } from './working-copies.ts';

const DONE = { done: true } as const;

export function runHandlers(
  deps: Deps,
): Pick<Handlers, keyof (typeof runOperations & typeof runReadingOperations & typeof conversationOperations)> {
  const shown = (id: string, { user }: CallContext): Promise<Run> => shownRun(deps.store, id, user);
  const found = (ref: string) => findRun(deps.store, ref);
  return {
    'runs.list': async (input, context) => listRuns(deps, input, context.user),
    'runs.create': async (input, context) => shown((await submitRun(deps, input, context.actor)).id, context),
    'runs.get': async (input, context) => shown((await found(input.run)).id, context),
    'runs.update': async (input, context) => shown(await updateRunFields(deps, input, context.actor), context),
    'runs.cancel': async (input, context) => {
      const run = await found(input.run);
      await cancelRun(deps, run, context.actor);
      return shown(run.id, context);
    },
    'runs.interrupt': async (input, context) => {
      await interruptRun(deps, input.run);
      return shown((await found(input.run)).id, context);
    },
    'runs.archive': async (input, context) => {
      await archiveRun(deps, input.run, true, context.actor);
      return shown((await found(input.run)).id, context);
    },
    'runs.unarchive': async (input, context) => {
      await archiveRun(deps, input.run, false, context.actor);
      return shown((await found(input.run)).id, context);
    },
    'runs.move': async (input, context) => {
      await moveRun(deps, input.run, input.status, context.actor, input.expected);
      return shown((await found(input.run)).id, context);
    },
    'runs.resume': async (input, context) => shown(await resumeRun(deps, only(input), context.actor), context),
    'runs.recover': async (input, context) => shown(await recoverRun(deps, input, context.actor), context),
    'runs.fork': async (input, context) => shown(await forkRun(deps, only(input), context.actor), context),
    'runs.merge': async (input, context) => mergeRun(deps, only(input), context.actor),
    'runs.undelete': async (input, context) => shown(await undeleteRun(deps, input.run, context.actor), context),
    'runs.send': async (input, context) => renderFollowUp(await sendToRun(deps, input, context.actor)),
    'runs.follow_ups': async (input) => ({ items: (await deps.store.followUps((await found(input.run)).id)).map(renderFollowUp) }),
    'runs.edit_follow_up': async (input, context) => renderFollowUp(await changeFollowUp(deps, input, context.actor)),
    'runs.withdraw_follow_up': async (input, context) => {
      await changeFollowUp(deps, { ...input, text: null }, context.actor);
      return DONE;
    },
    'runs.attempts': async (input) => ({ items: (await deps.store.attempts((await found(input.run)).id)).map(renderAttempt) }),
    'runs.events': async (input) => ({ items: await deps.store.runEvents((await found(input.run)).id, input.after, input.limit) }),
    'runs.messages': async (input) => {
      const run = await found(input.run);
      const { run: _run, ...query } = input;
      return deps.transcripts.read(run.id, { ...only(query), limit: input.limit });
    },
    'runs.message': async (input) => {
      const record = await deps.transcripts.full((await found(input.run)).id, input.seq);
      if (record === null) throw new GluonError('record_not_found', { seq: input.seq });
      return record;
    },
    'runs.logs': async (input) => deps.transcripts.readLog((await found(input.run)).id, input.stream, input.offset, input.limit),
    'runs.commits': async (input) => ({ items: await listCommits(deps, input.run, input.limit) }),
    'runs.commit': async (input) => readCommit(deps, input.run, input.sha),
    'runs.files': async (input) => listFiles(deps, input.run, input.compare),
    'runs.diff': async (input) => readDiff(deps, input),
    'runs.file_diff': async (input) => readDiff(deps, input),
    'runs.questions': async (input) => {
      const rows = await deps.store.questionsOfRun((await found(input.run)).id);
      return { items: await Promise.all(rows.map((row) => shownQuestion(deps.store, row))) };
    },
    'questions.list': async (input) => {
      const rows = input.parked ? await answerableQuestions(deps) : await deps.store.openQuestions();
      return { items: await Promise.all(rows.map((row) => shownQuestion(deps.store, row))) };
    },
    'questions.answer': async (input, context) => answerQuestion(deps, input, context.actor),
    'runs.attachments': async (input) => ({ items: await deps.store.attachmentsOfRun((await found(input.run)).id) }),
    'attachments.upload': async (input, context) => {
      const stored = { ...(await deps.images.store(Buffer.from(input.data, 'base64'))), created_at: now(deps) };
      return unitOfWork(deps, async (unit) => {
        const known = await unit.tx.attachment(stored.id);
        if (known !== null) return known;
        await unit.tx.insertAttachment(stored);
        await unit.record('attachment.stored', { attachment: stored.id }, { actor: context.actor });
        return stored;
      });
    },
    'attachments.get': async (input) => {
      const attachment = await deps.store.attachment(input.id);
      const bytes = attachment === null ? null : await deps.images.read(input.id);
      if (attachment === null || bytes === null) throw new GluonError('attachment_not_found', { id: input.id });
      return { bytes: new Uint8Array(bytes), media_type: attachment.media_type };
    },
    'egress.show': async (input) => showEgress(deps, input.run),
    'egress.allow': async (input, context) => {
      await changeEgress(deps, input, true, context.actor);
      return DONE;
    },
    'egress.deny': async (input, context) => {
      await changeEgress(deps, input, false, context.actor);
      return DONE;
    },
    'sessions.list': async (input) => {
      const projects = new Map((await deps.store.projects()).map((project) => [project.id, project.name]));
      const projectId = input.project === undefined ? undefined : (await findProject(deps.store, input.project)).id;
      const page = await deps.store.listSessions(projectId, input.limit, input.cursor);
      const items = page.items.map(({ project_id, ...session }) => ({ ...session, project: projects.get(project_id) ?? '' }));
      return { items, next_cursor: page.next_cursor };
    },
    'sessions.get': async (input, context) => {
      const attempts = await deps.store.attemptsOfSession(input.session);
      const [first] = attempts;
      if (first === undefined) throw new GluonError('session_not_found', { session: input.session });
      return { session_id: first.session_id, run: await shown(first.run_id, context), attempts: attempts.map(renderAttempt) };
    },
  };
}

function renderAttempt(row: AttemptRow): Attempt {
  const { worker_id: _w, lease_expires_at: _l, pid_started: _s, cgroup: _c, resumable: _r, prompt: _p, ...shown } = row;
  return shown;
}

function renderFollowUp(row: FollowUpRow): Omit<FollowUpRow, 'now'> {
  const { now: _now, ...shown } = row;
  return shown;
}
