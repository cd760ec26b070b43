import { spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../system/clock.ts';
import { isOwnGroup } from './cgroup.ts';
import { groupAt } from './cgroup-v2.ts';

/** The version 2 hierarchy, here or beside version 1; its controllers may all belong to version 1, but its groups and its kill are there. */
const mount = ['/sys/fs/cgroup/unified', '/sys/fs/cgroup'].find((folder) => existsSync(`${folder}/cgroup.subtree_control`));

describe('a group of version 2', () => {
  it.skipIf(mount === undefined || process.getuid?.() !== 0)('lists, kills and goes', async () => {
    const folder = `${mount}/gluon-test-${process.pid}/one`;
    mkdirSync(folder, { recursive: true });
    const group = groupAt(folder, systemClock());
    const child = spawn('/bin/sh', ['-c', 'echo $$ > "$1"; setsid sleep 60 & echo in; wait', 'sh', group.entries[0] ?? ''], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(group.pids().length).toBe(2);
    expect(group.hit()).toBe(null);
    expect(await group.kill()).toBe(2);
    expect(await ended).toBe('SIGKILL');
    expect(await group.remove()).toBe(true);
    expect(await groupAt(`${mount}/gluon-test-${process.pid}`, systemClock()).remove()).toBe(true);
  });
});

describe('a stored path', () => {
  it.each(['/sys/fs/cgroup/x/gluon-h/run-1', '/sys/fs/cgroup/memory/a/b/gluon-h/run-1'])('%s is ours', (path) =>
    expect(isOwnGroup(path, 'h')).toBe(true),
  );
  it.each([
    '/etc/gluon-h/run',
    '/sys/fs/cgroup/gluon-other/run',
    '/sys/fs/cgroup/../gluon-h/run',
    '/sys/fs/cgroup/gluon-h/..',
    '/sys/fs/cgroup/gluon-h',
    '',
  ])('%s is not', (path) => expect(isOwnGroup(path, 'h')).toBe(false));
});
