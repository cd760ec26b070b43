import { afterEach, describe, expect, it, vi } from 'vitest';
import { call } from './call.ts';
import { session, setSession } from './session.ts';

/** Answers of a server, in order; what was asked stands in the result. */
function answers(...of: Response[]): { path: string; csrf: string | null }[] {
  const asked: { path: string; csrf: string | null }[] = [];
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    asked.push({ path, csrf: new Headers(init.headers).get('x-gluon-csrf') });
    const next = of.shift();
    if (next === undefined) throw new TypeError('no connection');
    return next;
  });
  return asked;
}

const json = (status: number, body: unknown): Response => new Response(JSON.stringify(body), { status });
const refused = () => json(403, { code: 'csrf_refused', detail: 'no' });
const signedIn = (name: string, csrf: string) => json(200, { user: { name, role: 'admin' }, csrf, expires_at: '2030-01-01T00:00:00.000Z' });

afterEach(() => {
  vi.unstubAllGlobals();
  setSession({ state: 'unknown' });
});

describe('a call', () => {
  it('that another tab made old by signing in is made once more with the new value', async () => {
    setSession({ state: 'in', user: { name: 'owner', role: 'admin' }, csrf: 'old' });
    const asked = answers(refused(), signedIn('owner', 'new'), json(200, { done: true }));
    await expect(call('runs.mark_read', { run: 'a' })).resolves.toEqual({ done: true });
    expect(asked.map(({ csrf }) => csrf)).toEqual(['old', null, 'new']);
  });

  it('is not made by another person: the page asks who is there', async () => {
    setSession({ state: 'in', user: { name: 'owner', role: 'admin' }, csrf: 'old' });
    const asked = answers(refused(), signedIn('somebody', 'new'));
    await expect(call('runs.mark_read', { run: 'a' })).rejects.toMatchObject({ code: 'csrf_refused' });
    expect(asked).toHaveLength(2);
    expect(session()).toMatchObject({ state: 'out', why: 'expired' });
  });

  it('that is refused again with the same value ends', async () => {
    setSession({ state: 'in', user: { name: 'owner', role: 'admin' }, csrf: 'same' });
    const asked = answers(refused(), signedIn('owner', 'same'));
    await expect(call('runs.mark_read', { run: 'a' })).rejects.toMatchObject({ code: 'csrf_refused' });
    expect(asked).toHaveLength(2);
  });

  it('whose answer breaks off has failed', async () => {
    answers(new Response('{"items":[', { status: 200 }));
    await expect(call('projects.list', {})).rejects.toMatchObject({ code: 'offline' });
  });

  it('that no server answers is offline, and an expired session signs out', async () => {
    answers();
    await expect(call('projects.list', {})).rejects.toMatchObject({ offline: true });
    setSession({ state: 'in', user: { name: 'owner', role: 'admin' }, csrf: 'x' });
    answers(json(401, { code: 'unauthenticated', detail: 'who?' }));
    await expect(call('projects.list', {})).rejects.toMatchObject({ status: 401 });
    expect(session()).toMatchObject({ state: 'out', why: 'expired' });
  });
});
