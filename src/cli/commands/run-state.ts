/** Commands that change the state of one run. */
import type { OperationName } from '../../contract/operations.ts';
import type { Run } from '../../contract/resources.ts';
import type { RunStatus } from '../../core/run/status.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { ServerFailure } from '../failure.ts';
import { runRef } from '../run-ref.ts';
import { oneLine, shortId } from '../terminal/format.ts';
import { printResult } from '../terminal/print.ts';

type PlainChange = Extract<OperationName, 'runs.cancel' | 'runs.interrupt' | 'runs.archive' | 'runs.unarchive'>;

function change(operation: PlainChange, sentence: (run: Run) => string): CommandCode {
  return async (context, args) => {
    const run = await context.client.call(operation, { run: runRef(args) });
    printResult(context, run, () => `${sentence(run)}\n`);
    return 0;
  };
}

export const cancel = change('runs.cancel', (run) => `Cancelled ${shortId(run.id)}; its work is kept.`);
export const interrupt = change('runs.interrupt', (run) => `Interrupted ${shortId(run.id)}; it is in ${run.status}.`);
export const archive = change('runs.archive', (run) => `Archived ${shortId(run.id)}.`);
export const unarchive = change('runs.unarchive', (run) => `Brought ${shortId(run.id)} back to the board.`);

export const undelete: CommandCode = async (context, args) => {
  const ref = runRef(args);
  try {
    const run = await context.client.call('runs.undelete', { run: ref });
    printResult(context, run, () => `Brought the working copy back: ${oneLine(run.worktree_path ?? '?')}\n`);
  } catch (error) {
    const run = await stillThere(context, ref, error);
    printResult(context, run, () => `The working copy was not taken away; it is there: ${oneLine(run.worktree_path ?? '?')}\n`);
  }
  return 0;
};

/** Nothing to bring back, because nothing was taken: that is no failure. Throws the error for every other reason. */
async function stillThere(context: CommandContext, ref: string, error: unknown): Promise<Run> {
  if (!(error instanceof ServerFailure) || error.code !== 'nothing_to_undelete') throw error;
  const run = await context.client.call('runs.get', { run: ref });
  if (run.worktree_state !== 'present') throw error;
  return run;
}

export const move: CommandCode = async (context, args) => {
  const run = await context.client.call('runs.move', {
    run: runRef(args),
    status: args.required('status') as RunStatus,
    expected: args.text('expected') as RunStatus | undefined,
    reason: args.text('reason'),
  });
  printResult(context, run, () => `Moved ${shortId(run.id)}; it is ${run.status}.\n`);
  return 0;
};

export const merge: CommandCode = async (context, args) => {
  const merged = await context.client.call('runs.merge', { run: runRef(args), into: args.text('into'), message: args.text('message') });
  printResult(context, merged, () => `Merged into ${oneLine(merged.base)}: ${merged.commit.slice(0, 10)}.\n${oneLine(merged.sentence)}\n`);
  return 0;
};

export const set: CommandCode = async (context, args) => {
  const run = await context.client.call('runs.update', {
    run: runRef(args),
    title: args.text('title'),
    max_cost_usd: args.number('maxCost'),
    max_turns: args.number('maxTurns'),
    max_duration_minutes: args.number('maxDuration'),
  });
  printResult(context, run, () => `Changed ${shortId(run.id)}.\n`);
  return 0;
};
