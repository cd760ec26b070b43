/** Scenarios about talking with people: questions, plans, images, interruption, several turns. */
import { bash, call, question, say, think } from '../steps.ts';
import type { Context, Scenarios, Step } from '../types.ts';
import { numberArg, stringArg } from './arguments.ts';
import { COMMIT, writeFile } from './edits.ts';

const DATABASES = { question: 'Which database?', header: 'Database', options: ['SQLite (Recommended)', 'PostgreSQL'] };
const FEATURES = { question: 'Which features?', header: 'Features', options: ['Search', 'Export', 'Sharing'], multiSelect: true };

function told({ results }: Context): ReturnType<typeof say> {
  return say(`I was told: ${results.at(-1)?.text ?? 'nothing'}`);
}

function longStream(context: Context): Step[] {
  const words = numberArg(context.args, 'words', 200, 20_000);
  return [
    say(Array.from({ length: words }, (_, index) => `word${index}`).join(' '), {
      chunkChars: 20,
      chunkDelayMs: numberArg(context.args, 'delay_ms', 20, 5_000),
    }),
  ];
}

function plan(context: Context): Step[] {
  const text = stringArg(context.args, 'plan', '1. Look around.\n2. Write hello.txt.\n3. Commit.');
  if (context.args.by === 'input') return [call('ExitPlanMode', { plan: text })];
  if (context.args.by === 'text') return [say(text)];
  return [call('ExitPlanMode', {}, text)];
}

export const conversationScenarios: Scenarios = {
  say: (context) => [say(stringArg(context.args, 'text', 'Hello.'))],
  echo: [(context) => say(`You said: ${context.lastText}`)],
  /** Says every text that people wrote in the whole conversation: proves that an agent has its history. */
  recall: [(context) => say(context.history.join('\n'))],
  think: [think('First I think about it.', 'Then I say it.')],
  question: [question(DATABASES), told],
  question_multi: [question(FEATURES), told],
  question_two: [question(DATABASES, FEATURES), told],
  /** Asks, then acts by the answer. */
  question_edit: (context) => [
    question(DATABASES),
    ({ results }) => {
      const step = writeFile(context, 'choice.txt', `${results.at(-1)?.text ?? ''}\n`);
      return typeof step === 'function' ? step(context) : step;
    },
    bash(`git add choice.txt && ${COMMIT} -m 'Record the choice'`),
    say('Recorded the choice.'),
  ],
  plan,
  /** Tries to change a file in plan mode; says what came of it. */
  plan_write: (context) => [writeFile(context, 'forbidden.txt', 'x\n'), told, call('ExitPlanMode', {}, '1. Only look.')],
  stream: longStream,
  /** Works in a shell loop until it is stopped. `seconds` at most. */
  busy: (context) => [bash(`for i in $(seq ${numberArg(context.args, 'seconds', 20, 600) * 10}); do sleep 0.1; done; echo finished`), told],
  images: [(context) => say(`I see ${context.images} image(s).`)],
  structured: (context) => [call('StructuredOutput', context.args.value ?? { verdict: 'approve' })],
  structured_wrong: [
    call('StructuredOutput', { nonsense: true }),
    ({ results }) => (results.at(-1)?.isError ? call('StructuredOutput', { verdict: 'approve' }) : say('It was accepted.')),
  ],
  /** Calls a tool `count` times, one after the other. */
  turns: (context) => [
    ...Array.from({ length: numberArg(context.args, 'count', 5, 500) }, (_, index) => bash(`echo turn ${index + 1}`)),
    say('That were all turns.'),
  ],
};
