/** What the model does with a prompt that names no scenario: something sensible and small, so that a demonstration needs no markers. */
import { SUMMARY } from '../conversation.ts';
import { bash, call, say } from '../steps.ts';
import type { Context, Scenarios, Step } from '../types.ts';
import { quoted } from './arguments.ts';
import { COMMIT, inFolder } from './edits.ts';

const PACE = { chunkDelayMs: 15, chunkChars: 12 };

/** `Add a login page!` becomes `add-a-login-page`. Only letters, digits and dashes come through: it will be part of a path and a command. */
export function slugOf(prompt: string): string {
  const slug = prompt
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return slug === '' ? 'note' : slug;
}

function fromPrompt(context: Context): Step[] {
  if (context.planMode) return [planStep(context)];
  const file = `notes/${slugOf(context.lastText)}.md`;
  const title = context.lastText.split('\n')[0]?.slice(0, 72) ?? 'Note';
  return [
    call(
      'Write',
      { file_path: inFolder(context.cwd, file), content: `# ${title}\n\n${context.lastText}\n` },
      `I read the request: "${title}". I will write it down in ${file} and commit it.`,
      PACE,
    ),
    bash(`git add -- ${quoted(file)} && ${COMMIT} -m ${quoted(title)}`, 'Now the commit.', PACE),
    ({ results }) =>
      results.at(-1)?.isError
        ? say(`The commit did not work: ${results.at(-1)?.text.slice(0, 300)}`)
        : say(`Done: ${file} is committed. (A scripted model wrote this, not a real one.)`, PACE),
  ];
}

function planStep(context: Context): Step {
  return call('ExitPlanMode', {}, `Plan\n\n1. Write notes/${slugOf(context.lastText)}.md.\n2. Commit it.\n`);
}

export const promptScenarios: Scenarios = {
  default: fromPrompt,
  /** Keeps the marker alive, so that the script goes on where it was when the conversation is replaced by its summary. */
  [SUMMARY]: (context) => [
    ...Array.from({ length: context.step }, () => say('')),
    say(
      `<summary>The work follows a script: SCENARIO:${String(context.args.of)}@${context.step}${JSON.stringify(context.args.with ?? {})}</summary>`,
    ),
  ],
};
