/** How Gluon's gateway begins what it says to an agent when it refuses a call, and how that is known again in the agent's error. */

export const REFUSAL_CODES = [
  'unauthenticated',
  'host_refused',
  'not_found',
  'bad_request',
  'too_large',
  'too_many_calls',
  'budget',
  'price_unknown',
  'model_not_allowed',
  'server_tools',
  'stopped',
  'credential_missing',
  'circuit_open',
  'upstream_unreachable',
  'upstream_timeout',
  'upstream_invalid',
  'internal',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

const PATTERN = /\bGluon \[([a-z_]{1,40})\]: (.+)/s;

/** What the agent is told: its program repeats it in its own error. */
export function refusalText(code: RefusalCode, sentence: string): string {
  return `Gluon [${code}]: ${sentence}`;
}

/** The refusal that an error of an agent's program repeats, or null. The sentence is that of `refusalText`, from its first word. */
export function refusalIn(message: string): { code: RefusalCode; sentence: string } | null {
  const [, name = '', sentence = ''] = PATTERN.exec(message) ?? [];
  const code = REFUSAL_CODES.find((each) => each === name);
  return code === undefined ? null : { code, sentence: sentence.trim() };
}

/** Why a call was refused for money. */
export function moneyCapSentence(spentUsd: number, capUsd: number): string {
  return `The money cap of this run is reached: $${spentUsd.toFixed(4)} of $${capUsd} are spent.`;
}
