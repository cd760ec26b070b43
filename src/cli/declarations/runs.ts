import { RUN_STATUSES } from '../../core/run/status.ts';
import type { CommandDeclaration } from '../command.ts';
import { CURSOR, FOLLOW_RUN, IMAGE, LIMIT, MAX_COST, MAX_DURATION, MAX_TURNS, MODEL, PROJECT, QUIET, SANDBOX } from './options.ts';

const run = () => import('../commands/run.ts');
const runs = () => import('../commands/runs.ts');
const state = () => import('../commands/run-state.ts');

const EXIT_NOTE = 'Exit code: 0 when the run ended with the outcome "completed", 1 when not, 130 after Ctrl-C.';

export const RUNS: readonly CommandDeclaration[] = [
  {
    path: 'run',
    args: '<project> <prompt...>',
    summary: 'Submit work, and stay with it until it ends.',
    notes: `The prompt "-" is read from standard input. --json prints the run as JSON: at once with -b, else when it has ended.\n${EXIT_NOTE}`,
    options: [
      { flags: '-b, --background', summary: 'submit and return' },
      QUIET,
      { flags: '-n, --new', summary: 'a new session (always so; accepted for old scripts)' },
      MODEL,
      { flags: '-P, --profile <profile>', summary: 'preset', choices: ['quick', 'standard', 'deep', 'planning', 'review'] },
      { flags: '--effort <effort>', summary: 'how hard the model thinks', choices: ['low', 'medium', 'high', 'xhigh', 'max'] },
      { flags: '--plan', summary: 'the agent only looks and plans' },
      { flags: '--agent <agent>', summary: 'claude (default), or another agent', kind: 'text' },
      { flags: '--title <title>', summary: 'title on the board', kind: 'text' },
      { flags: '--base <ref>', summary: 'branch, tag or commit to start from', kind: 'text' },
      { flags: '--branch <name>', summary: 'name of the branch of the run', kind: 'text' },
      { flags: '--no-worktree', summary: 'work in your own checkout' },
      { flags: '-w, --worktree', summary: 'its own working copy (the default; accepted for old scripts)' },
      { flags: '--include-uncommitted', summary: 'start from your uncommitted changes' },
      IMAGE,
      SANDBOX,
      { flags: '--egress <policy>', summary: 'none, packages, all, or names with commas', kind: 'text' },
      MAX_COST,
      MAX_TURNS,
      MAX_DURATION,
      { flags: '--questions <policy>', summary: 'what an unanswered question does', choices: ['park', 'auto'] },
    ],
    load: async () => (await run()).run,
  },
  {
    path: 'runs',
    summary: 'List runs, newest first.',
    notes: '--json prints {"items": [run, ...], "next_cursor": text or null}.',
    options: [
      { flags: '-a, --active', summary: 'only what waits, runs, or waits for a human' },
      PROJECT,
      { flags: '-s, --status <status>', summary: 'only this status; may be repeated', kind: 'list', choices: RUN_STATUSES },
      { flags: '-l, --limit <n>', summary: 'how many at most (20)', kind: 'count' },
      { flags: '--archived', summary: 'ended and archived ones too' },
      { flags: '--search <text>', summary: 'only with this text', kind: 'text' },
      CURSOR,
    ],
    load: async () => (await runs()).list,
  },
  { path: 'show', args: '<run>', summary: 'Show a run.', load: async () => (await runs()).show },
  {
    path: 'logs',
    args: '<run>',
    summary: 'The transcript of a run; of "server", the log of the server.',
    notes:
      '--json prints an array of transcript records; with -f one record per line. For stdout and stderr it prints the window as the API gives it.\nSeveral filters show what any of them shows.',
    options: [
      { flags: '-f, --follow', summary: 'stay while the run goes on' },
      { flags: '-n, --tail <n>', summary: 'only the last ones', kind: 'count' },
      { flags: '--record <seq>', summary: 'only this record, with everything that was cut from it, as JSON', kind: 'count' },
      { flags: '-s, --stream <stream>', summary: 'what to read (messages)', choices: ['messages', 'stdout', 'stderr'] },
      { flags: '--tools', summary: 'tool calls' },
      { flags: '--text', summary: 'what was said' },
      { flags: '--errors', summary: 'what went wrong' },
    ],
    load: async () => (await import('../commands/logs.ts')).logs,
  },
  {
    path: 'attach',
    args: '<run>',
    summary: 'Stay with a run that goes on; Ctrl-C leaves it alone.',
    notes: EXIT_NOTE,
    options: [QUIET],
    load: async () => (await run()).attach,
  },
  {
    path: 'watch',
    summary: 'A live table of all runs (q quits, arrows scroll).',
    options: [PROJECT],
    load: async () => (await import('../commands/watch.ts')).watch,
  },
  {
    path: 'resume',
    args: '<run> [prompt...]',
    summary: 'Continue the session of a run that does not run.',
    options: [FOLLOW_RUN, QUIET, MODEL, IMAGE],
    load: async () => (await run()).resume,
  },
  {
    path: 'send',
    args: '<run> <text...>',
    summary: 'Give a message to the agent, between its turns.',
    options: [{ flags: '--now', summary: 'interrupt it for the message' }, IMAGE],
    load: async () => (await run()).send,
  },
  {
    path: 'answer',
    args: '<run> [choice...]',
    summary: 'Answer what the agent asks.',
    notes:
      'Each choice answers one item of the question: the number or label of an option, own words, or "1,3" where several may be chosen.',
    options: [
      { flags: '--answer <question=answer>', summary: 'answer an item by its text or number; may be repeated', kind: 'list' },
      { flags: '--question <id>', summary: 'which question, when several are open', kind: 'text' },
    ],
    load: async () => (await import('../commands/answer.ts')).answer,
  },
  { path: 'cancel', args: '<run>', summary: 'Stop a run; its work is kept.', load: async () => (await state()).cancel },
  { path: 'interrupt', args: '<run>', summary: 'Stop the attempt, leave the run in Review.', load: async () => (await state()).interrupt },
  {
    path: 'move',
    args: '<run> <status>',
    argChoices: { status: RUN_STATUSES },
    summary: 'Move a run to another column; only legal moves are taken.',
    options: [
      { flags: '--expected <status>', summary: 'only if it still has this status', choices: RUN_STATUSES },
      { flags: '--reason <text>', summary: 'why', kind: 'text' },
    ],
    load: async () => (await state()).move,
  },
  {
    path: 'set',
    args: '<run>',
    summary: 'Change the title or the caps of a run.',
    options: [{ flags: '--title <title>', summary: 'new title', kind: 'text' }, MAX_COST, MAX_TURNS, MAX_DURATION],
    load: async () => (await state()).set,
  },
  { path: 'archive', args: '<run>', summary: 'Take an ended run off the board.', load: async () => (await state()).archive },
  { path: 'unarchive', args: '<run>', summary: 'Bring a run back to the board.', load: async () => (await state()).unarchive },
  {
    path: 'fork',
    args: '<run> <prompt...>',
    summary: 'Make a new run from the session and the branch of this one.',
    options: [FOLLOW_RUN, QUIET, { flags: '--title <title>', summary: 'title on the board', kind: 'text' }],
    load: async () => (await run()).fork,
  },
  {
    path: 'recover',
    args: '<run>',
    summary: 'Go on in a fresh session with a digest, after a context overflow.',
    options: [{ flags: '--fresh', summary: 'as a new run' }, FOLLOW_RUN, QUIET],
    load: async () => (await run()).recover,
  },
  {
    path: 'undelete',
    args: '<run>',
    summary: 'Bring back a removed working copy with everything in it.',
    load: async () => (await state()).undelete,
  },
  {
    path: 'sessions',
    summary: 'List agent sessions, newest first.',
    options: [PROJECT, LIMIT, CURSOR],
    load: async () => (await import('../commands/sessions.ts')).list,
  },
  {
    path: 'session show',
    args: '<session>',
    summary: 'A session and the attempts in it.',
    load: async () => (await import('../commands/sessions.ts')).show,
  },
];
