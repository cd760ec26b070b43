import { describe, expect, it } from 'vitest';
import { moneyCapSentence, type RefusalCode, refusalText } from '../../../core/money/refusal-text.ts';
import { turnEndOf } from './turn-end.ts';

const apiError = (status: number | null, result: string) => ({
  subtype: 'success',
  is_error: true,
  terminal_reason: 'api_error',
  api_error_status: status,
  result,
});

const refused = (code: RefusalCode) => apiError(400, `API Error: 400 ${refusalText(code, 'A sentence for people.')}`);

describe('what a result means', () => {
  it.each([
    ['a plain success', { subtype: 'success', is_error: false, result: 'ok' }, null, 'completed'],
    ['a refusal, though it is called a success', { subtype: 'success', is_error: false, stop_reason: 'refusal' }, null, 'refused'],
    ['the cap on turns', { subtype: 'error_max_turns', is_error: true, terminal_reason: 'max_turns' }, null, 'limit_turns'],
    ["the program's own cap on money", { subtype: 'error_max_budget_usd', is_error: true }, null, 'limit_budget'],
    [
      'an interruption while it spoke',
      { subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_streaming' },
      null,
      'interrupted',
    ],
    [
      'an interruption of a tool',
      { subtype: 'error_during_execution', is_error: true, terminal_reason: 'aborted_tools' },
      null,
      'interrupted',
    ],
    [
      'a first prompt that is too long',
      { subtype: 'success', is_error: true, terminal_reason: 'prompt_too_long' },
      'invalid_request',
      'context_overflow',
    ],
    [
      'compaction that does not help',
      { subtype: 'success', is_error: true, terminal_reason: 'rapid_refill_breaker' },
      null,
      'context_overflow',
    ],
    [
      'the money cap of the gateway',
      apiError(400, `API Error: 400 ${refusalText('budget', moneyCapSentence(5, 5))}`),
      'invalid_request',
      'limit_budget',
    ],
    ['no credential at the gateway', refused('credential_missing'), 'invalid_request', 'auth'],
    ['no credential at the gateway, under another name', refused('credential_missing'), 'unknown', 'auth'],
    ['a price that is not known', refused('price_unknown'), 'invalid_request', 'agent_exit'],
    ['a model that is not allowed', refused('model_not_allowed'), 'model_not_found', 'agent_exit'],
    ['a provider that rejects everything', refused('circuit_open'), 'rate_limit', 'agent_exit'],
    ['tools of the provider', refused('server_tools'), null, 'agent_exit'],
    ['another bad request', apiError(400, 'API Error: 400 tools: bad'), 'invalid_request', 'agent_exit'],
    ['a 429', apiError(429, 'API Error: 429'), 'rate_limit', 'rate_limited'],
    ['an overload, which ends as a server error', apiError(529, 'API Error: 529'), 'server_error', 'rate_limited'],
    ['a server error', apiError(500, 'API Error: 500'), 'server_error', 'agent_exit'],
    ['a refused credential', apiError(401, 'API Error: 401'), 'authentication_failed', 'auth'],
    ['an account on hold', apiError(403, 'on hold'), 'account_on_hold', 'auth'],
    ['an empty account', apiError(400, 'Credit balance is too low'), 'billing_error', 'billing'],
    ['a payment required', apiError(402, 'pay'), null, 'billing'],
    ['an unknown model', apiError(404, 'no such model'), 'model_not_found', 'agent_exit'],
    ['a connection that fails', apiError(null, 'Request timed out'), 'unknown', 'agent_exit'],
    [
      'a structured answer that never fits',
      { subtype: 'error_max_structured_output_retries', is_error: true, errors: ['no'] },
      null,
      'agent_exit',
    ],
    ['something that did not exist when this was written', { subtype: 'error_of_the_future', is_error: true }, null, 'agent_exit'],
  ])('%s', (_name, result, error, outcome) => {
    expect(turnEndOf(result, error).outcome).toBe(outcome);
  });

  it('needs status 400 for a refusal of the gateway: an agent that says the words changes nothing', () => {
    const words = refusalText('budget', 'x');
    expect(turnEndOf({ is_error: false, result: words }, null).outcome).toBe('completed');
    expect(turnEndOf(apiError(500, words), null).outcome).toBe('agent_exit');
    expect(turnEndOf(apiError(null, words), null).outcome).toBe('agent_exit');
  });

  it('says what the gateway said, without what stands around it', () => {
    expect(turnEndOf(refused('model_not_allowed'), 'invalid_request').detail).toBe('A sentence for people.');
  });

  it('does not ask for a session that is gone again', () => {
    const end = turnEndOf(
      { subtype: 'error_during_execution', is_error: true, errors: ['No conversation found with session ID: x'] },
      null,
    );
    expect(end).toMatchObject({ outcome: 'agent_exit', resumable: false });
  });

  it('keeps the sentence short', () => {
    expect(turnEndOf(apiError(500, 'x'.repeat(10_000)), null).detail.length).toBeLessThan(600);
  });
});
