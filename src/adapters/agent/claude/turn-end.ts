/** What a result message means. A table, in the order in which it is decided; the texts matched are those of the pinned version. */
import { type RefusalCode, refusalIn } from '../../../core/money/refusal-text.ts';
import type { Outcome } from '../../../core/run/outcome.ts';
import { type Fields, numberOf, stringOf } from './sdk-message.ts';

export interface TurnEnd {
  outcome: Outcome;
  /** One sentence for people. */
  detail: string;
  text: string;
  structured: unknown;
  /** False when the vendor's session is of no further use. */
  resumable: boolean;
}

const MAX_DETAIL_CHARS = 500;
/** What ends an agent whose call Gluon's gateway refused for good, where it is not the agent's own affair. */
const REFUSED: Partial<Record<RefusalCode, Outcome>> = { budget: 'limit_budget', credential_missing: 'auth' };

/** `assistantError`: the error class of the last assistant message of the turn, if it had one. */
export function turnEndOf(result: Fields, assistantError: string | null): TurnEnd {
  const text = stringOf(result.result) ?? '';
  const said = { text, structured: result.structured_output ?? null };
  if (result.stop_reason === 'refusal') {
    return { ...said, outcome: 'refused', detail: 'The model refused to answer.', resumable: true };
  }
  // Never by `subtype`: an API error comes as a "success" that is an error.
  if (result.is_error !== true) return { ...said, outcome: 'completed', detail: 'The agent finished its turn.', resumable: true };
  const message = errorTextOf(result);
  const failed = (outcome: Outcome, detail: string, resumable = true): TurnEnd => ({ ...said, outcome, detail, resumable });
  if (message.includes('No conversation found')) return failed('agent_exit', 'The agent no longer has this session.', false);
  return limitOf(result, message, failed) ?? apiErrorOf(result, message, assistantError, failed) ?? failed('agent_exit', brief(message));
}

type Failed = (outcome: Outcome, detail: string) => TurnEnd;

function limitOf(result: Fields, message: string, failed: Failed): TurnEnd | null {
  if (result.subtype === 'error_max_turns') return failed('limit_turns', 'The agent reached its limit of turns.');
  if (result.subtype === 'error_max_budget_usd') return failed('limit_budget', 'The agent reached its limit of money.');
  switch (result.terminal_reason) {
    case 'aborted_streaming':
    case 'aborted_tools':
      return failed('interrupted', 'The turn was interrupted.');
    case 'prompt_too_long':
    case 'blocking_limit':
    case 'rapid_refill_breaker':
      return failed('context_overflow', `The conversation is too long for the model: ${brief(message)}`);
    default:
      return null;
  }
}

function apiErrorOf(result: Fields, message: string, error: string | null, failed: Failed): TurnEnd | null {
  const status = numberOf(result.api_error_status);
  const refused = status === 400 ? refusalIn(message) : null;
  if (refused !== null) return failed(REFUSED[refused.code] ?? 'agent_exit', brief(refused.sentence));
  switch (error) {
    case 'authentication_failed':
    case 'oauth_org_not_allowed':
    case 'account_on_hold':
    case 'verification_required':
    case 'cloud_credential_error':
      return failed('auth', `The provider did not accept the credential: ${brief(message)}`);
    case 'billing_error':
      return failed('billing', `The provider asks for payment: ${brief(message)}`);
    case 'rate_limit':
    case 'overloaded':
      return failed('rate_limited', brief(message));
    default:
      return byStatus(status, message, failed);
  }
}

function byStatus(status: number | null, message: string, failed: Failed): TurnEnd | null {
  if (status === 401 || status === 403) return failed('auth', `The provider did not accept the credential: ${brief(message)}`);
  if (status === 402) return failed('billing', `The provider asks for payment: ${brief(message)}`);
  // 529 is the vendor's word for "everybody waits": the same remedy as for a limit.
  if (status === 429 || status === 529) return failed('rate_limited', brief(message));
  if (status === 413 || message.includes('prompt is too long')) return failed('context_overflow', brief(message));
  return null;
}

function errorTextOf(result: Fields): string {
  const errors = Array.isArray(result.errors) ? result.errors.filter((entry) => typeof entry === 'string') : [];
  return [stringOf(result.result), ...errors].filter((part) => part !== null && part !== '').join(' ');
}

function brief(message: string): string {
  const line = message.trim();
  if (line === '') return 'The agent ended with an error and said nothing about it.';
  return line.length > MAX_DETAIL_CHARS ? `${line.slice(0, MAX_DETAIL_CHARS)}…` : line;
}
