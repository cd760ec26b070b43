/** The conversation of one attempt: what the agent does is recorded, what people say is handed over, what runs away is stopped. */

import type { ProjectFile } from '../../contract/project-file.ts';
import { PLAN_APPROVED_PROMPT } from '../../core/run/prompts.ts';
import type { AgentDone, AgentEvent, AgentImage, AgentMessage, AgentRun } from '../../ports/agent.ts';
import { SANDBOX_PATHS } from '../../ports/sandbox.ts';
import type { ProjectRow } from '../../ports/store.ts';
import { type Deps, now } from '../deps.ts';
import { noteProblem } from '../problems.ts';
import { modelOf } from '../submit-run.ts';
import { unitOfWork } from '../unit-of-work.ts';
import type { AttemptControl } from './attempt-control.ts';
import type { Claim } from './claim-attempt.ts';
import { agentPaths } from './confinement.ts';
import { type Homecoming, importWork } from './import-work.ts';
import { type LiveImports, liveImports } from './live-imports.ts';
import type { OpenAttempt } from './open-attempt.ts';
import { type AttemptQuestions, attemptQuestions } from './questions.ts';
import { type Recorder, recorder } from './record-events.ts';
import { watchLimits } from './watch-limits.ts';
import type { PreparedCopy } from './working-copy.ts';

export interface ConversationParts {
  claim: Claim;
  project: ProjectRow;
  file: ProjectFile | null;
  copy: PreparedCopy;
  open: OpenAttempt;
  control: AttemptControl;
  home: Homecoming;
}

const GRACE_MS = 5_000;
/** A shell command that makes history: its commits are brought home while the agent goes on. */
const MAKES_COMMITS = /\bgit\b[^\n]*\b(commit|merge|rebase|cherry-pick|am|pull|revert)\b/;

export async function converse(deps: Deps, parts: ConversationParts): Promise<AgentDone> {
  const { claim, open, control } = parts;
  const { run, attempt, next } = claim;
  const redactor = await deps.redaction.forAttempt([open.token]);
  const records = recorder(deps, run.id, attempt.number, redactor);
  await records.user(next.prompt, next.by, next.images);
  const first = await message(deps, next.prompt, next.images);
  await deps.fault('attempt.before-agent');
  const agent = open.agent.start(agentSpec(deps, parts, first));
  const questions = attemptQuestions(
    deps,
    run,
    attempt,
    () => agent,
    records,
    () => void control.live.stop('park'),
  );
  const limits = watchLimits(deps, { run, waitingForPerson: () => questions.waiting(), stop: (reason) => void control.live.stop(reason) });
  control.attach({
    stop: () => agent.stop(GRACE_MS),
    messagesChanged: (urgent) =>
      void (urgent ? agent.interrupt().catch((error: unknown) => noteProblem(deps, 'interrupt', error, run.id)) : undefined),
    answer: (requestId, answers) => questions.answer(requestId, answers),
    setEgress: (policy, alsoAllowed) => open.egress?.setPolicy(policy, alsoAllowed),
    egressBytes: () => open.egress?.bytes ?? 0,
    seen: () => limits.seen(),
  });
  const imports = liveImports(() => importNow(deps, parts));
  try {
    await consume(deps, parts, { agent, records, questions, imports, seen: () => limits.seen() });
    const done = await agent.done;
    parts.home.look();
    await imports.settled();
    await closingRecords(deps, parts, records, done);
    return done;
  } catch (error) {
    // Something of ours broke. Nobody may be left writing in the working copy when it is brought home.
    await agent.stop(GRACE_MS);
    throw error;
  } finally {
    limits.close();
    // Nothing of this attempt may go on when it is over. A failure was told above, or gives way to the one that is on its way.
    await imports.settled().catch(() => undefined);
    await questions.close(control.stopReason() === 'park' || control.stopReason() === 'shutdown');
  }
}

function agentSpec(deps: Deps, parts: ConversationParts, first: AgentMessage): Parameters<OpenAttempt['agent']['start']>[0] {
  const { claim, copy, open } = parts;
  const { run } = claim;
  const address = deps.gatewayAddress();
  return {
    confinement: open.confinement,
    cwd: copy.path,
    first,
    sessionId: claim.attempt.session_id,
    session: claim.session,
    model: modelOf(deps, run),
    effort: run.effort,
    mode: run.plan_first ? 'plan' : 'edit',
    maxTurns: run.max_turns,
    schema: null,
    model_access: run.sandbox === 'strict' ? { socket: SANDBOX_PATHS.gatewaySocket } : { url: `http://127.0.0.1:${address.tcpPort}` },
    token: open.token,
    ...agentPaths(deps, run),
    env: open.env,
  };
}

async function message(deps: Deps, text: string, imageIds: string[]): Promise<AgentMessage> {
  const images: AgentImage[] = [];
  for (const id of imageIds) {
    const attachment = await deps.store.attachment(id);
    const bytes = await deps.images.read(id);
    if (attachment !== null && bytes !== null)
      images.push({ mediaType: attachment.media_type, base64: Buffer.from(bytes).toString('base64') });
  }
  return { text, images };
}

interface Talking {
  agent: AgentRun;
  records: Recorder;
  questions: AttemptQuestions;
  imports: LiveImports;
  seen: () => void;
}

async function consume(deps: Deps, parts: ConversationParts, talking: Talking): Promise<void> {
  const pendingCommits = new Set<string>();
  for await (const event of talking.agent.events) {
    talking.seen();
    await talking.records.event(event);
    await react(deps, parts, talking, event, pendingCommits);
  }
}

async function react(
  deps: Deps,
  parts: ConversationParts,
  talking: Talking,
  event: AgentEvent,
  pendingCommits: Set<string>,
): Promise<void> {
  switch (event.type) {
    case 'started':
      return processStarted(deps, parts, event.version);
    case 'ask':
      return talking.questions.asked(event.requestId, event.items);
    case 'ask_cancelled':
      return talking.questions.cancelled(event.requestId);
    case 'tool_started':
      if (MAKES_COMMITS.test(JSON.stringify(event.input ?? '').slice(0, 10_000))) pendingCommits.add(event.id);
      return;
    case 'tool_finished':
      if (pendingCommits.delete(event.id)) talking.imports.request();
      return;
    case 'turn_ended':
      return nextTurn(deps, parts, talking);
    default:
      return;
  }
}

async function processStarted(deps: Deps, parts: ConversationParts, version: string): Promise<void> {
  const { claim, open } = parts;
  const leader = open.confinement.leader();
  await unitOfWork(deps, async (unit) => {
    const process = { pid: leader?.pid ?? null, pid_started: leader?.started ?? null };
    await unit.tx.updateAttempt(claim.attempt.id, { agent_version: version, resumable: true, ...process });
    await unit.record(
      'attempt.process_started',
      { number: claim.attempt.number, pid: process.pid, sandbox: open.confinement.level, caps: open.confinement.caps, version },
      { runId: claim.run.id, actor: 'gluon' },
    );
  });
  await deps.fault('attempt.agent-started');
}

async function importNow(deps: Deps, parts: ConversationParts): Promise<void> {
  const { claim, project, file, copy, open } = parts;
  await importWork(deps, { run: claim.run, project, file, workingCopy: copy.path, confinement: open.confinement, leftovers: false });
  await deps.fault('attempt.imported-live');
}

/** Between turns: hand over what people wrote meanwhile, or let the agent end. */
async function nextTurn(deps: Deps, parts: ConversationParts, talking: Talking): Promise<void> {
  const { claim, control } = parts;
  if (control.stopReason() !== null) return;
  const delivered = await unitOfWork(deps, async (unit) => {
    const queued = (await unit.tx.followUps(claim.run.id)).filter((one) => one.state === 'queued');
    for (const one of queued) {
      await unit.tx.updateFollowUp(one.id, { state: 'delivered', delivered_at: now(deps) }, 'queued');
      await unit.record('follow_up.delivered', { follow_up: one.id }, { runId: claim.run.id, actor: one.by });
    }
    if (queued.length > 0) await unit.updateRun(claim.run.id, { queued_messages: 0 });
    return queued;
  });
  if (delivered.length === 0) {
    talking.agent.finish();
    parts.home.prepare();
    return;
  }
  await deps.fault('message.before-delivery');
  for (const one of delivered) {
    await talking.records.user(one.text, one.by, one.images);
    talking.agent.send(await message(deps, one.text, one.images));
  }
}

async function closingRecords(deps: Deps, parts: ConversationParts, records: Recorder, done: AgentDone): Promise<void> {
  const { claim } = parts;
  const attempt = claim.attempt.number;
  if (done.stderrTail !== '') await deps.transcripts.appendLog(claim.run.id, 'stderr', Buffer.from(deps.redact(done.stderrTail)));
  if (done.plan !== null) await records.write({ type: 'system', attempt, text: done.plan, plan: true, hint: PLAN_APPROVED_PROMPT });
  if (done.outcome !== 'completed') await records.write({ type: 'error', attempt, text: done.detail, outcome: done.outcome });
}
