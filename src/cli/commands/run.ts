/** Commands that make or continue runs. */
import type { OperationInput } from '../../contract/operations.ts';
import type { Run } from '../../contract/resources.ts';
import type { Arguments, CommandCode, CommandContext } from '../command.ts';
import type { ExitCode } from '../exit-code.ts';
import { stayWithRun } from '../live/foreground.ts';
import { promptText, requiredPrompt, uploadImages } from '../prompt-text.ts';
import { runRef } from '../run-ref.ts';
import { oneLine, shortId } from '../terminal/format.ts';
import { printJson, printResult } from '../terminal/print.ts';
import { egressPolicy } from './project.ts';

export const run: CommandCode = async (context, args) => {
  const prompt = await requiredPrompt(context, args);
  const images = await uploadImages(context, args);
  const made = await context.client.call('runs.create', submission(args, prompt, images));
  if (args.flag('background')) {
    printResult(context, made, () => startedText(made));
    return 0;
  }
  if (!context.json && !args.flag('quiet')) {
    context.io.out.write(`${context.style('bold', shortId(made.id))} ${oneLine(made.project)}: ${oneLine(made.title, 80)}\n`);
  }
  return stayWithRun(context, made, { afterSeq: 0, quiet: args.flag('quiet') });
};

function submission(args: Arguments, prompt: string, images: string[]): OperationInput<'runs.create'> {
  const egress = egressPolicy(args.text('egress'));
  return {
    project: args.required('project'),
    prompt,
    title: args.text('title'),
    profile: args.text('profile') as 'standard' | undefined,
    agent: args.text('agent'),
    model: args.text('model'),
    effort: args.text('effort') as 'high' | undefined,
    plan: args.flag('plan') ? true : undefined,
    base: args.text('base'),
    branch: args.text('branch'),
    use_worktree: args.flag('noWorktree') ? false : undefined,
    include_uncommitted: args.flag('includeUncommitted') ? true : undefined,
    sandbox: args.text('sandbox') as 'strict' | undefined,
    egress: egress === 'default' ? undefined : egress,
    max_cost_usd: args.number('maxCost'),
    max_turns: args.number('maxTurns'),
    max_duration_minutes: args.number('maxDuration'),
    images: images.length === 0 ? undefined : images,
    question_policy: args.text('questions') as 'park' | undefined,
  };
}

export const resume: CommandCode = async (context, args) => {
  const before = await context.client.call('runs.get', { run: runRef(args) });
  const prompt = await promptText(context, args);
  const images = await uploadImages(context, args);
  const afterSeq = await lastSeq(context, before.id);
  const resumed = await context.client.call('runs.resume', {
    run: before.id,
    prompt,
    model: args.text('model'),
    images: images.length === 0 ? undefined : images,
  });
  return leaveOrStay(context, args, resumed, afterSeq, `Resumed ${shortId(resumed.id)}.`);
};

export const fork: CommandCode = async (context, args) => {
  const from = runRef(args);
  const prompt = await requiredPrompt(context, args);
  const made = await context.client.call('runs.fork', { run: from, prompt, title: args.text('title') });
  return leaveOrStay(context, args, made, await lastSeq(context, made.id), `Forked ${from.slice(0, 8)} into ${shortId(made.id)}.`);
};

export const recover: CommandCode = async (context, args) => {
  const before = await context.client.call('runs.get', { run: runRef(args) });
  const afterSeq = args.flag('fresh') ? 0 : await lastSeq(context, before.id);
  const recovered = await context.client.call('runs.recover', { run: before.id, fresh: args.flag('fresh') });
  return leaveOrStay(context, args, recovered, afterSeq, `Recovering in ${shortId(recovered.id)}.`);
};

export const send: CommandCode = async (context, args) => {
  const text = await requiredPrompt(context, args, 'text');
  const images = await uploadImages(context, args);
  const now = args.flag('now');
  const sent = await context.client.call('runs.send', { run: runRef(args), text, now, images: images.length === 0 ? undefined : images });
  printResult(context, sent, () => (now ? 'Sent; the agent is interrupted for it.\n' : 'Queued; the agent gets it between its turns.\n'));
  return 0;
};

export const attach: CommandCode = async (context, args) => {
  const run = await context.client.call('runs.get', { run: runRef(args) });
  return stayWithRun(context, run, { afterSeq: 0, quiet: args.flag('quiet'), onlyLooks: true });
};

async function lastSeq(context: CommandContext, run: string): Promise<number> {
  return (await context.client.call('runs.messages', { run, limit: 1 })).last_seq;
}

async function leaveOrStay(context: CommandContext, args: Arguments, run: Run, afterSeq: number, sentence: string): Promise<ExitCode> {
  if (args.flag('follow')) return stayWithRun(context, run, { afterSeq, quiet: args.flag('quiet') });
  if (context.json) printJson(context.io, run);
  else context.io.out.write(`${sentence} Watch it with: gluon attach ${shortId(run.id)}\n`);
  return 0;
}

function startedText(run: Run): string {
  const id = shortId(run.id);
  return `${id} ${oneLine(run.project)}: ${oneLine(run.title, 80)}\n  gluon attach ${id}   gluon logs -f ${id}   gluon cancel ${id}\n`;
}
