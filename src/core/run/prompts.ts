/** The sentences that Gluon itself says to an agent. */

export const CONTINUE_PROMPT =
  'Go on with the task where you stopped. Look at the state of the working copy first; what you committed is still there.';

export const PLAN_APPROVED_PROMPT = 'Your plan is approved. Carry it out now, and commit your work.';

export interface RecoveryFacts {
  readonly prompt: string;
  readonly doneItems: readonly string[];
  readonly changedFiles: readonly string[];
  readonly lastSummary: string;
}

const MAX_ITEMS = 50;
const MAX_SUMMARY_CHARS = 8_000;

/** The digest with which a fresh session goes on after the context of the old one was full. */
export function recoveryPrompt(facts: RecoveryFacts): string {
  const parts = [
    'An earlier conversation about this task ran out of context. You go on in the same working copy. The task was:',
    facts.prompt,
  ];
  if (facts.doneItems.length > 0)
    parts.push(
      `Done so far:\n${facts.doneItems
        .slice(-MAX_ITEMS)
        .map((item) => `- ${item}`)
        .join('\n')}`,
    );
  if (facts.changedFiles.length > 0) {
    const shown = facts.changedFiles.slice(0, MAX_ITEMS).map((path) => `- ${path}`);
    const more = facts.changedFiles.length - shown.length;
    parts.push(`Files changed so far:\n${shown.join('\n')}${more > 0 ? `\n- and ${more} more` : ''}`);
  }
  if (facts.lastSummary !== '') parts.push(`The last thing you said:\n${facts.lastSummary.slice(-MAX_SUMMARY_CHARS)}`);
  parts.push('Look at the working copy and its history first, then finish what is left.');
  return parts.join('\n\n');
}

/** Several queued messages become one. */
export function joinMessages(texts: readonly string[]): string {
  return texts.join('\n\n');
}
