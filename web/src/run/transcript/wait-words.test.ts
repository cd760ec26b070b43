import { describe, expect, it } from 'vitest';
import { waitWords } from './wait-words.ts';

describe('waits', () => {
  it('a try that failed says which, when and why', () => {
    expect(waitWords({ retry: 2, of: 10, delay_ms: 35_000, status: 429, cause: 'rate_limit' })).toEqual({
      what: 'Try 2 of 10, after 35s',
      why: '429, rate limit',
    });
  });

  it('a limit says whether it holds and until when', () => {
    expect(waitWords({ rejected: true, kind: 'five_hour', until_ms: null })).toEqual({
      what: 'The provider refuses more calls',
      why: 'Five hour',
    });
    expect(waitWords({ rejected: false, until_ms: 1_700_000_000_000 }).why).toMatch(/^until \d\d:\d\d$/);
  });

  it('what is missing or strange is left out', () => {
    expect(waitWords({ retry: 1, of: {}, delay_ms: 'soon', cause: 7 })).toEqual({ what: 'Try 1 of ?', why: '' });
    expect(waitWords({ until_ms: 9e99 }).what).toBe('The provider’s limit is near');
  });
});
