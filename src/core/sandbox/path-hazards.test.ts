import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isWithin, pathHazard, sourceHazard, targetHazard } from './path-hazards.ts';

const RULES = { userHome: '/home/ada', protectedPaths: ['/home/ada/.gluon/gluon.db', '/home/ada/.gluon/token'] };

describe('a path to mount', () => {
  it.each([
    '/',
    '/home',
    '/home/ada',
    '/tmp',
    '/usr',
    '/usr/src/x',
    '/etc/ssl',
    '/proc/1',
    '/dev/shm',
    '/run',
    '/run/gluon',
    '/home/agent',
    '/home/agent/.session/x',
    '/home/ada/.gluon',
    '/home/ada/.gluon/token',
    '/home/ada/.gluon/token/x',
    'relative',
    '/a/../b',
    '/a//b',
    '/a/',
    '/a/.',
    '/a\0b',
    '',
  ])('%j is refused', (path) => expect(pathHazard(path, RULES)).not.toBe(null));
  it.each([
    '/home/ada/.gluon/worktrees/x',
    '/home/ada/project',
    '/tmp/project',
    '/work',
    '/srv/code/x',
    '/home/ada/..hidden',
    '/home/agent/project',
  ])('%j is taken', (path) => expect(pathHazard(path, RULES)).toBe(null));
  it('never holds the home or a protected file, whatever it is', () => {
    const part = fc.constantFrom('home', 'ada', '.gluon', 'gluon.db', 'token', 'x', 'tmp', 'usr');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), (parts) => {
        const path = `/${parts.join('/')}`;
        if (pathHazard(path, RULES) !== null) return;
        for (const secret of [RULES.userHome, ...RULES.protectedPaths]) expect(isWithin(secret, path)).toBe(false);
      }),
    );
  });
});

describe('folders with one folder for each run', () => {
  const rules = { ...RULES, perRun: ['/home/ada/.gluon/sessions', '/home/ada/.gluon/trusted'], runId: 'run-1' };
  it.each(['sessions/run-1', 'sessions/run-1/x', 'trusted/run-1'])('its own %s is shown', (path) => {
    expect(pathHazard(`/home/ada/.gluon/${path}`, rules)).toBe(null);
    expect(sourceHazard(`/home/ada/.gluon/${path}`, rules)).toBe(null);
  });
  it.each(['sessions', 'trusted', 'sessions/run-2', 'sessions/run-10', 'trusted/run-2/x', 'sessions/run-1.unfinished'])(
    '%s is not',
    (path) => {
      expect(pathHazard(`/home/ada/.gluon/${path}`, rules)).not.toBe(null);
      expect(sourceHazard(`/home/ada/.gluon/${path}`, rules)).not.toBe(null);
    },
  );
  it.each([undefined, '', '.', '..', 'run-1/..', 'a/b'])('the id %j owns nothing', (runId) => {
    const { runId: _own, ...others } = rules;
    for (const path of ['sessions/run-1', 'sessions/a/b', 'sessions'])
      expect(pathHazard(`/home/ada/.gluon/${path}`, runId === undefined ? others : { ...others, runId })).not.toBe(null);
  });
});

describe('a source and a target of another name', () => {
  it.each(['/usr/lib/node', '/home/ada/.local/bin/agent'])('%j is a source', (path) => expect(sourceHazard(path, RULES)).toBe(null));
  it.each(['/', '/home/ada', '/home/ada/.gluon', '/etc/shadow', '/proc/1/root'])('%j is no source', (path) =>
    expect(sourceHazard(path, RULES)).not.toBe(null),
  );
  it.each(['/opt/gluon/agent', '/run/gluon/config'])('%j is a target', (path) => expect(targetHazard(path)).toBe(null));
  it.each(['/', '/usr/bin', '/etc/passwd', '/proc/x', '/tmp', 'x'])('%j is no target', (path) => expect(targetHazard(path)).not.toBe(null));
});
