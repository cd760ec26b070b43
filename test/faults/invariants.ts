/** What must hold whatever was killed when: one function per promise, each giving the sentences of what is broken. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { OUTCOMES } from '../../src/core/run/outcome.ts';
import { RUN_STATUSES } from '../../src/core/run/status.ts';
import { filesBelow, type Observed, type SavedWork } from './observe.ts';

/** What the test itself did: the only source for what should be. */
export interface Ledger {
  /** Ids of runs that the server said it had accepted. */
  accepted: string[];
  /** Heads of runs that were asked to be merged. */
  mergesAsked: string[];
  /** Runs that cleanup was allowed to take off the books. */
  mayBeForgotten: string[];
  /** What lay in the working copies at the moment of the fault. */
  work: SavedWork[];
  firstCommit: string;
}

/** I1: beyond the first commit, main is a chain of merges, each of a change that was asked to be merged, none twice; its checkout follows. */
export function onlyMergesOnPurpose(seen: Observed, ledger: Ledger): string[] {
  const broken: string[] = [];
  const landed: string[] = [];
  for (const { commit, parents } of seen.mainCommits) {
    if (commit === ledger.firstCommit) continue;
    const [, change] = parents;
    if (parents.length !== 2 || change === undefined) broken.push(`main holds ${commit}, which is no merge`);
    else if (!ledger.mergesAsked.includes(change)) broken.push(`main holds ${change}, which nobody merged`);
    else if (landed.includes(change)) broken.push(`main holds ${change} twice`);
    else landed.push(change);
  }
  if (seen.checkout !== '') broken.push(`the checkout does not show main: ${seen.checkout}`);
  return broken;
}

/** I2: every accepted run is there once, in one legal state whose fields agree; `running` only with a live attempt. */
export function everyRunInOneLegalState(seen: Observed, ledger: Ledger): string[] {
  const broken: string[] = [];
  const live = new Set(seen.attempts.filter((attempt) => attempt.state === 'live').map((attempt) => attempt.run_id));
  for (const id of ledger.accepted)
    if (!seen.runs.some((run) => run.id === id) && !ledger.mayBeForgotten.includes(id)) broken.push(`run ${id} is gone`);
  for (const run of seen.runs) {
    const say = (what: string) => broken.push(`run ${run.id} (${run.status}): ${what}`);
    if (!RUN_STATUSES.includes(run.status)) say('no such state');
    if (run.outcome !== null && !OUTCOMES.includes(run.outcome)) say(`no such outcome: ${run.outcome}`);
    if ((run.status === 'running') !== live.has(run.id)) say(live.has(run.id) ? 'has a live attempt' : 'has no live attempt');
    if ((run.status === 'pending') !== (run.next_attempt !== null)) say(`next attempt: ${run.next_attempt}`);
    if (run.status === 'failed' && run.outcome === null && run.attempts > 0) say('ended without an outcome');
    const open = seen.questions.filter((question) => question.run_id === run.id && question.state === 'open').length;
    if (run.pending_questions !== open) say(`counts ${run.pending_questions} open questions of ${open}`);
    if (open > 0 && run.status !== 'running') say('has an open question that nobody waits for');
    const queued = seen.messages.filter((message) => message.run_id === run.id && message.state === 'queued').length;
    if (run.queued_messages !== queued) say(`counts ${run.queued_messages} queued messages of ${queued}`);
    const seqs = seen.events.filter((event) => event.run_id === run.id).map((event) => event.seq);
    if (seqs.some((seq, index) => seq !== index + 1) || run.seq !== seqs.length) say(`events are numbered ${seqs.join(' ')}`);
  }
  return broken;
}

/** I3: at most one live attempt of a run, the last, with the current epoch. */
export function oneLiveAttemptOfTheCurrentEpoch(seen: Observed): string[] {
  const broken: string[] = [];
  for (const run of seen.runs) {
    const own = seen.attempts.filter((attempt) => attempt.run_id === run.id);
    const live = own.filter((attempt) => attempt.state === 'live');
    if (live.length > 1) broken.push(`run ${run.id} has ${live.length} live attempts`);
    for (const attempt of live)
      if (attempt.epoch !== run.epoch) broken.push(`run ${run.id} at epoch ${run.epoch} has a live attempt of epoch ${attempt.epoch}`);
    if (own.some((attempt, index) => attempt.number !== index + 1)) broken.push(`run ${run.id} numbers its attempts wrongly`);
    if (own.some((attempt, index) => index > 0 && attempt.epoch <= (own[index - 1]?.epoch ?? 0)))
      broken.push(`run ${run.id} used an epoch twice`);
  }
  return broken;
}

/** Made once for all sandboxes of a home. */
const OF_ALL_SANDBOXES = /^etc-[0-9a-f]{32}$/;

/** I4: no process, working copy, temporary folder, branch or reference without a run that owns it. */
export function nothingWithoutARun(seen: Observed, ledger: Ledger): string[] {
  const broken: string[] = [];
  const runs = new Map(seen.runs.map((run) => [run.id, run]));
  for (const process of seen.processes)
    if (runs.get(process.runId)?.status !== 'running') broken.push(`process ${process.pid} of no running run: ${process.command}`);
  for (const name of seen.folders.worktrees) {
    const owner = seen.runs.find((run) => run.worktree_path !== null && basename(run.worktree_path) === name);
    if (!name.startsWith('wt-')) broken.push(`left in worktrees: ${name}`);
    else if (owner === undefined || owner.worktree_state !== 'present') broken.push(`the working copy ${name} belongs to no run`);
  }
  for (const run of seen.runs)
    if (run.worktree_state === 'present' && run.status !== 'pending' && run.status !== 'running' && !existsSync(run.worktree_path ?? ''))
      broken.push(`run ${run.id} has no working copy any more and does not know`);
  for (const kind of ['sessions', 'trusted', 'logs'] as const)
    for (const name of seen.folders[kind]) if (!runs.has(name)) broken.push(`left in ${kind}: ${name}`);
  for (const name of seen.folders.git) if (!/^content-\w+\.git$/.test(name)) broken.push(`left in git: ${name}`);
  for (const name of seen.folders.sandbox.filter((entry) => !OF_ALL_SANDBOXES.test(entry)))
    if (![...runs.values()].some((run) => run.status === 'running' && name.startsWith(run.id))) broken.push(`left in sandbox: ${name}`);
  for (const name of seen.folders.home) if (/\.tmp$|\.part$|^\.probe/.test(name)) broken.push(`left in the home: ${name}`);
  for (const name of seen.gitLeftovers) broken.push(`left in the repository: ${name}`);
  for (const ref of seen.refs.keys()) {
    const [, kind, id = ''] = /^refs\/gluon\/(\w+)\/(.+)$/.exec(ref) ?? [];
    // A rescue outlives its run, on purpose; so do a branch, which is the person's, and work that no branch has.
    const outlives = kind === 'rescue' || (kind === 'runs' && ledger.mayBeForgotten.includes(id));
    if (kind !== undefined && !outlives && !runs.has(id)) broken.push(`the reference ${ref} belongs to no run`);
    const id8 = /^refs\/heads\/gluon-task\/(.+)$/.exec(ref)?.[1];
    const known = [...runs.keys(), ...ledger.mayBeForgotten].some((run) => run.slice(0, 8) === id8);
    if (id8 !== undefined && !known) broken.push(`the branch ${ref} belongs to no run`);
  }
  return broken;
}

/** I5: every byte that lay in a working copy at the fault, and every commit made there, is still on disk or reachable from a reference. */
export function workIsReachable(seen: Observed, ledger: Ledger): string[] {
  const broken: string[] = [];
  for (const { path, files, commits } of ledger.work) {
    const onDisk = new Map(filesBelow(path).map((file) => [file.path, file.blob]));
    for (const file of files)
      if (onDisk.get(file.path) !== file.blob && !seen.reachable.has(file.blob)) broken.push(`lost: ${path}/${file.path}`);
    for (const commit of commits) if (!seen.reachable.has(commit) && !existsSync(path)) broken.push(`lost: commit ${commit} of ${path}`);
  }
  return broken;
}

export interface ProviderLedger {
  /** Answers that the provider served to the end. */
  complete: { input: number; output: number }[];
  /** Calls that were in flight when the server was killed. */
  inFlight: number;
}

/** I6: every call of the provider's ledger is in ours with its tokens; what we do not know counts as spent, and only what was in flight. */
export function costsAgreeWithTheProvider(seen: Observed, provider: ProviderLedger): string[] {
  const broken: string[] = [];
  const key = (call: { input: number; output: number }) => `${call.input} in, ${call.output} out`;
  const ours = Map.groupBy(
    seen.calls.filter((call) => call.state === 'settled'),
    (call) => key({ input: call.input_tokens, output: call.output_tokens }),
  );
  const missing = provider.complete.filter((call) => ours.get(key(call))?.pop() === undefined);
  const over = [...ours.values()].flat();
  if (missing.length > provider.inFlight) broken.push(`not in our ledger: ${missing.map(key).join('; ')}`);
  if (over.some((call) => call.cost_usd !== null && call.cost_usd === 0)) broken.push('a call that was in flight counts as free');
  if (over.length > provider.inFlight)
    broken.push(`only in our ledger: ${over.map((call) => key({ input: call.input_tokens, output: call.output_tokens })).join('; ')}`);
  if (seen.calls.some((call) => call.state === 'reserved') && seen.runs.every((run) => run.status !== 'running'))
    broken.push('a reservation is held that nothing will settle');
  return broken;
}

// I7, the audit chain, has no function yet: there is no such chain in the product.

/** All that need no provider. */
export function brokenInvariants(seen: Observed, ledger: Ledger): string[] {
  return [
    ...onlyMergesOnPurpose(seen, ledger).map((what) => `I1 ${what}`),
    ...everyRunInOneLegalState(seen, ledger).map((what) => `I2 ${what}`),
    ...oneLiveAttemptOfTheCurrentEpoch(seen).map((what) => `I3 ${what}`),
    ...nothingWithoutARun(seen, ledger).map((what) => `I4 ${what}`),
    ...workIsReachable(seen, ledger).map((what) => `I5 ${what}`),
  ];
}
