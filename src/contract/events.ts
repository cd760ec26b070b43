/** Every event that Gluon records, with its payload and one sentence. docs/events.md is generated from this map. */
import { z } from 'zod';
import { ATTEMPT_KINDS } from '../core/run/attempt.ts';
import { CapsInForceSchema, EgressPolicySchema, OutcomeSchema, RunStatusSchema, SandboxLevelSchema, WaitingSchema } from './resources.ts';

function event<T extends z.ZodRawShape>(summary: string, payload: T) {
  return { summary, payload: z.object(payload) } as const;
}

const text = z.string();
const int = z.number().int();

export const EVENTS = {
  'project.added': event('A project was registered.', { project: text, path: text }),
  'project.updated': event('Fields of a project changed.', { project: text, fields: z.array(text) }),
  'project.removed': event('A project was removed; its repository was not touched.', { project: text }),
  'workspace.added': event('A workspace was registered.', { workspace: text, path: text }),
  'workspace.scanned': event('A workspace was searched for projects.', { workspace: text, found: z.array(text) }),
  'workspace.removed': event('A workspace was removed.', { workspace: text }),
  'setting.changed': event('A setting changed.', { key: text }),
  'config.rejected': event('config.yml could not be read; the last good version stays in force.', { why: text }),

  'run.created': event('A run was submitted.', { project: text, branch: text.nullable(), base_commit: text.nullable() }),
  'run.updated': event('Fields of a run were changed by a person.', { fields: z.array(text) }),
  'run.moved': event('A person moved a run.', { from: RunStatusSchema, to: RunStatusSchema }),
  'run.queued': event('A run waits for a slot again.', { why: text }),
  'run.waiting_changed': event('Why a run waits changed.', { waiting: WaitingSchema.nullable() }),
  'run.ended': event('A run left the state running.', { status: RunStatusSchema, outcome: OutcomeSchema, detail: text }),
  'run.cancelled': event('A person stopped a run.', { from: RunStatusSchema }),
  'run.archived': event('A run was archived.', {}),
  'run.unarchived': event('A run was brought back from the archive.', {}),
  'run.forgotten': event('A run that was over for long was taken off the books; its branch stays.', { run: text, title: text, why: text }),
  'run.forked': event('A new run was made from the session and branch of this one.', { into: text }),
  'run.merged': event('The change of a run was merged into its base branch.', { base: text, commit: text, checkout: text }),
  'run.merge_refused': event('A merge could not be made.', { base: text, why: text, files: z.array(text) }),

  'attempt.started': event('An attempt was claimed.', { number: int, kind: z.enum(ATTEMPT_KINDS), epoch: int, session_id: text }),
  'attempt.process_started': event('The agent process of an attempt runs.', {
    number: int,
    pid: int.nullable(),
    sandbox: SandboxLevelSchema,
    caps: CapsInForceSchema,
    version: text.nullable(),
  }),
  'attempt.ended': event('An attempt ended.', {
    number: int,
    outcome: OutcomeSchema,
    detail: text,
    exit_code: int.nullable(),
    exit_signal: text.nullable(),
  }),
  'attempt.write_refused': event('A late write of an older attempt was refused.', { epoch: int, current: int }),

  'working_copy.created': event('A working copy was made.', { path: text, base_commit: text, branch: text }),
  'working_copy.removed': event('A working copy was removed after everything in it was rescued.', { path: text, rescue_ref: text }),
  'working_copy.restored': event('A working copy was brought back.', { path: text, from: text }),
  'working_copy.script_ended': event('A setup or teardown script of the project ended.', {
    script: text,
    exit_code: int.nullable(),
    output: text,
  }),
  'work.imported': event('Commits of the agent came into the project.', {
    head: text,
    commits: int,
    auto_commit: z.boolean(),
    notices: z.array(text),
  }),
  'work.import_refused': event('Commits of the agent were not taken.', { why: text }),

  'question.asked': event('The agent asks.', { question: text }),
  'question.answered': event('A question was answered.', { question: text, by: text }),
  'question.parked': event('Nobody answered in time; the run waits for input.', { question: text }),
  'follow_up.queued': event('A message waits for the agent.', { follow_up: text, now: z.boolean() }),
  'follow_up.delivered': event('A message was given to the agent.', { follow_up: text }),
  'follow_up.withdrawn': event('A queued message was taken back.', { follow_up: text }),

  'egress.refused': event('The egress proxy refused a connection.', { host: text, port: int, why: text }),
  'egress.allowed': event('A person allowed a name.', { host: text, scope: text }),
  'egress.denied': event('A person took a name off the list.', { host: text, scope: text }),
  'egress.policy_set': event('The egress policy of a run changed.', { egress: EgressPolicySchema }),
  'egress.limit_reached': event('An attempt moved more bytes than it may.', { bytes: int }),

  'budget.warned': event('80 % of the money cap of a run are spent.', { spent_usd: z.number(), cap_usd: z.number() }),
  'budget.refused': event('A model call was refused: it would pass the money cap.', {
    spent_usd: z.number(),
    reserved_usd: z.number(),
    cap_usd: z.number(),
  }),
  'model.rate_limited': event('The provider holds back.', { status: int.nullable(), until: text.nullable(), why: text }),
  'model.call_refused': event('The gateway refused a call.', { why: text }),

  'push.subscribed': event('A browser gets notifications from now on.', { service: text, user: text }),
  'push.unsubscribed': event('A browser gets no more notifications.', { service: text, why: text }),
  'push.failed': event('A notification did not reach a browser.', { service: text, why: text }),

  'transcript.lost': event('A transcript file was damaged or removed by somebody else; what was readable is kept.', { why: text }),
  'attachment.stored': event('An image was stored.', { attachment: text }),
  'reconcile.repaired': event('A difference between what should be and what is was repaired.', { what: text }),
  'server.started': event('The server is up.', { version: text, schema: int }),
  'server.stopped': event('The server went down in good order.', {}),
  'problem.noted': event('Something failed that did not stop the work.', { where: text, why: text }),
} as const;

export type EventType = keyof typeof EVENTS;
export type EventPayload<T extends EventType> = z.infer<(typeof EVENTS)[T]['payload']>;
