import { describe, expect, it } from 'vitest';
import { type BubblewrapPlan, bubblewrapArguments } from './bubblewrap-arguments.ts';

const PLAN: BubblewrapPlan = {
  network: 'own',
  features: { disableUserns: true, size: true },
  host: {
    rootFolders: [{ path: '/bin', target: 'usr/bin' }],
    etc: [{ from: '/g/passwd', to: '/etc/passwd' }],
    maskedFolders: ['/usr/etc'],
    maskedFiles: ['/proc/kcore'],
  },
  writable: [
    { from: '/p/copy', to: '/p/copy' },
    { from: '/s', to: '/home/agent/.session' },
  ],
  readOnly: [
    { from: '/p/copy/kept', to: '/p/copy/kept' },
    { from: '/p', to: '/p' },
    { from: '/usr/share/x', to: '/usr/share/x' },
  ],
  home: '/home/agent',
  sockets: [{ from: '/g/gw.sock', to: '/run/gluon/gateway.sock' }],
  sizes: { tmpBytes: 1, homeBytes: 2, shmBytes: 3 },
  seccompFd: 5,
  statusFd: 4,
  cwd: '/p/copy',
  env: { A: 'b c' },
};

const text = (change: Partial<BubblewrapPlan> = {}): string => bubblewrapArguments({ ...PLAN, ...change }).join(' ');
const order = (...parts: string[]): void => {
  const places = parts.map((part) => text().indexOf(part));
  expect(places).not.toContain(-1);
  expect(places).toEqual([...places].sort((a, b) => a - b));
};

describe('the arguments of bubblewrap', () => {
  it('mount outer folders before inner ones, and the root read-only last', () => {
    order('--ro-bind /usr /usr', '--tmpfs /usr/etc', '--symlink usr/bin /bin', '--ro-bind /g/passwd /etc/passwd');
    order(
      '--tmpfs /home/agent',
      '--ro-bind /p /p',
      '--bind /p/copy /p/copy',
      '--ro-bind /p/copy/kept /p/copy/kept',
      '--ro-bind /g/gw.sock',
      '--remount-ro / ',
    );
    order('--tmpfs /home/agent', '--bind /s /home/agent/.session');
  });
  it('make /proc and /dev read-only after their masks', () => {
    order(
      '--proc /proc',
      '--ro-bind /dev/null /proc/kcore',
      '--remount-ro /proc',
      '--dev /dev',
      '--size 3 --tmpfs /dev/shm',
      '--remount-ro /dev',
    );
  });
  it('always have own namespaces, no capabilities, no terminal, and die with the parent', () => {
    for (const part of [
      '--unshare-user',
      '--unshare-pid',
      '--unshare-ipc',
      '--unshare-uts',
      '--die-with-parent',
      '--new-session',
      '--cap-drop ALL',
      '--clearenv',
    ]) {
      expect(text()).toContain(part);
      expect(text({ network: 'host' })).toContain(part);
    }
  });
  it('take the network away unless the host’s is wanted', () => {
    expect(text()).toContain('--unshare-net');
    expect(text({ network: 'host' })).not.toContain('--unshare-net');
  });
  it('do not mount again what lies under /usr already', () => expect(text()).not.toContain('/usr/share/x'));
  it('leave out what an older bubblewrap does not know', () => {
    const old = text({ features: { disableUserns: false, size: false }, seccompFd: null });
    for (const part of ['--disable-userns', '--size', '--seccomp']) expect(old).not.toContain(part);
  });
  it('keep every value one word', () => expect(bubblewrapArguments(PLAN)).toContain('b c'));
});
