/** System calls that kernel escapes are made of. Control: the same sandbox with its system call filter off. */
import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Confinement, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { type Ground, makeGround, PYTHON, tryShell } from './ground.ts';

let ground: Ground;
let filtered: { spec: SandboxSpec; confinement: Confinement };
let unfiltered: { spec: SandboxSpec; confinement: Confinement };
let open: { spec: SandboxSpec; confinement: Confinement };

beforeAll(async () => {
  ground = makeGround();
  const [a, b, c] = [ground.spec('strict'), ground.spec('strict'), ground.spec('none')];
  filtered = { spec: a, confinement: await ground.sandbox().open(a) };
  unfiltered = { spec: b, confinement: await ground.sandbox({ useSystemCallFilter: false }).open(b) };
  open = { spec: c, confinement: await ground.sandbox().open(c) };
});
afterAll(async () => {
  await Promise.all([filtered, unfiltered, open].map(({ confinement }) => confinement.close(0)));
  ground.remove();
});

const NUMBERS =
  process.arch === 'x64'
    ? { add_key: 248, keyctl: 250, userfaultfd: 323, kcmp: 312, name_to_handle_at: 303, unshare: 272 }
    : { add_key: 217, keyctl: 219, userfaultfd: 282, kcmp: 272, name_to_handle_at: 264, unshare: 97 };

/** Prints OK or the number of the error. */
const call = (expression: string): string =>
  `${PYTHON} -c 'import ctypes,os\nl=ctypes.CDLL(None,use_errno=True)\nb=ctypes.create_string_buffer(256)\nr=l.syscall(${expression})\nprint("OK" if r>=0 else ctypes.get_errno())'`;

const CALLS: [name: string, expression: string, refusal: string][] = [
  ['io_uring', '425,4,b', '1'],
  ['userfaultfd', `${NUMBERS.userfaultfd},1`, '1'],
  ['a key for the keyring', `${NUMBERS.add_key},b"user",b"n",b"v",1,-3`, '1'],
  ['a new session keyring', `${NUMBERS.keyctl},1,0`, '1'],
  ['comparing kernel objects', `${NUMBERS.kcmp},os.getpid(),os.getpid(),0,0,1`, '1'],
  ['a handle of a file', `${NUMBERS.name_to_handle_at},-100,b"/usr",(ctypes.c_int*40)(128),ctypes.byref(ctypes.c_int()),0`, '1'],
  ['openat2, whose mode cannot be looked at', '437,-100,b"/usr",(ctypes.c_uint64*3)(0x200000,0,0),24', '38'],
];

describe('system calls', () => {
  it.each(CALLS)('refuses %s', async (_name, expression, refusal) => {
    expect((await tryShell(filtered.confinement, filtered.spec, call(expression))).output.trim()).toBe(refusal);
    const control = await tryShell(unfiltered.confinement, unfiltered.spec, call(expression));
    expect(control.output.trim(), `control, must succeed ${control.stderr}`).toBe('OK');
  });

  it('refuses new user namespaces by the filter and by bubblewrap', async () => {
    const payload = call(`${NUMBERS.unshare},0x10000000`);
    expect((await tryShell(filtered.confinement, filtered.spec, payload)).output.trim()).not.toBe('OK');
    expect((await tryShell(unfiltered.confinement, unfiltered.spec, payload)).output.trim()).not.toBe('OK');
    expect((await tryShell(open.confinement, open.spec, payload)).output.trim()).toBe('OK');
  });

  it('refuses to push input into a terminal', async () => {
    const payload = `${PYTHON} -c 'import fcntl,os,pty\nm,s=pty.openpty()\nos.setsid() if os.getpid()!=os.getsid(0) else None\nfcntl.ioctl(s,0x540E,0)\ntry:\n fcntl.ioctl(s,0x5412,b"x");print("PUSHED")\nexcept OSError as e: print(e.errno)'`;
    expect((await tryShell(filtered.confinement, filtered.spec, payload)).output.trim()).toBe('1');
    const control = (await tryShell(unfiltered.confinement, unfiltered.spec, payload)).output.trim();
    // Newer kernels refuse by themselves, with another number.
    expect(['PUSHED', '5']).toContain(control);
  });

  it('has no terminal at all', async () => {
    const payload = 'exec 3<>/dev/tty && echo TTY';
    expect((await tryShell(filtered.confinement, filtered.spec, payload)).output).not.toContain('TTY');
  });

  const SET_ID: [string, string][] = [
    ['chmod', 'cp /bin/true x; chmod 4755 x'],
    ['chmod of the group', 'cp /bin/true x; chmod 2755 x'],
    ['fchmod', `${PYTHON} -c 'import os;f=os.open("x",os.O_CREAT|os.O_RDWR,0o755);os.fchmod(f,0o4755)'`],
    ['open', `${PYTHON} -c 'import os;os.umask(0);os.open("x",os.O_CREAT|os.O_RDWR,0o4755)'`],
    ['mknod', `${PYTHON} -c 'import os;os.umask(0);os.mknod("x",0o104755)'`],
    ['cp with its mode kept', 'cp -p /usr/bin/passwd x || cp -p /usr/bin/su x'],
  ];
  it.each(SET_ID)('leaves no set-id file on the host by %s', async (_name, payload) => {
    const setId = ({ spec }: { spec: SandboxSpec }): boolean =>
      ((statSync(`${spec.workingCopy}/x`, { throwIfNoEntry: false })?.mode ?? 0) & 0o6000) !== 0;
    for (const side of [filtered, unfiltered]) {
      await tryShell(side.confinement, side.spec, `rm -f x; ${payload}`);
      if (side === filtered) expect(setId(side)).toBe(false);
      // cp needs the owner's right to give the bit; as an ordinary user it drops it by itself.
      else if (!payload.startsWith('cp -p')) expect(setId(side), 'control').toBe(true);
    }
  });

  it('leaves ordinary work alone', async () => {
    const tried = await tryShell(
      filtered.confinement,
      filtered.spec,
      `chmod 755 . && mkdir -p d && touch d/f && chmod 600 d/f && (echo a | cat) && ${PYTHON} -c 'import threading,subprocess;t=threading.Thread(target=print,args=("t",));t.start();t.join();subprocess.run(["true"],check=True)'`,
    );
    expect(tried.exitCode).toBe(0);
    expect(tried.output).toBe('a\nt\n');
  });
});
