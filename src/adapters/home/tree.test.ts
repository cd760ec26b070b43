import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { rename, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Home } from '../../ports/files.ts';
import { homeFolders } from './folders.ts';

let folder: string;
let home: Home;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-tree-'));
  mkdirSync(join(folder, 'home', 'worktrees', 'wt'), { recursive: true });
  mkdirSync(join(folder, 'outside'));
  writeFileSync(join(folder, 'outside', 'precious'), 'mine');
  home = homeFolders({ path: join(folder, 'home'), userHome: folder, environment: {} });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const copyOf = () => join(folder, 'home', 'worktrees', 'wt');
const precious = () => readFileSync(join(folder, 'outside', 'precious'), 'utf8');

/** Exchanges a folder for a link to the outside and back, as fast as it can, until stopped. */
function swapping(path: string): () => Promise<void> {
  let on = true;
  const done = (async () => {
    while (on) {
      // The folder may be removed while this goes on: every step may fail.
      await rename(path, `${path}-kept`).catch(() => {});
      await symlink(join(folder, 'outside'), path).catch(() => {});
      await rm(path).catch(() => {});
      await rename(`${path}-kept`, path).catch(() => {});
    }
  })();
  return () => {
    on = false;
    return done;
  };
}

describe('removing a folder that an agent wrote', () => {
  it('takes closed folders, names that are no text, and every kind of file', async () => {
    mkdirSync(join(copyOf(), 'closed', 'deeper'), { recursive: true });
    writeFileSync(Buffer.concat([Buffer.from(`${copyOf()}/`), Buffer.from([0xff, 0xfe])]), 'x');
    execFileSync('mkfifo', [join(copyOf(), 'pipe')]);
    symlinkSync(join(folder, 'outside'), join(copyOf(), 'link'));
    linkSync(join(folder, 'outside', 'precious'), join(copyOf(), 'hard'));
    chmodSync(join(copyOf(), 'closed', 'deeper'), 0);
    chmodSync(join(copyOf(), 'closed'), 0o500);
    await home.removeFolder(copyOf());
    expect(existsSync(copyOf())).toBe(false);
    expect(precious()).toBe('mine');
    await home.removeFolder(copyOf());
  });

  it('takes trees deeper than a process may open files', async () => {
    mkdirSync(join(copyOf(), 'd/'.repeat(1500)), { recursive: true });
    await home.removeFolder(copyOf());
    expect(readdirSync(join(folder, 'home', 'worktrees'))).toEqual([]);
  });

  it('does not reach through a link on the way', async () => {
    symlinkSync(folder, join(copyOf(), 'out'));
    await home.removeFolder(join(copyOf(), 'out', 'outside'));
    expect(precious()).toBe('mine');
  });

  it('reaches nothing outside while folders are exchanged for links', async () => {
    for (let turn = 0; turn < 40; turn += 1) {
      const victim = join(copyOf(), 'victim');
      mkdirSync(victim, { recursive: true });
      for (let index = 0; index < 20; index += 1) writeFileSync(join(victim, `${index}`), '');
      const stop = swapping(victim);
      // What keeps being made anew while it is removed may be left: then it says so.
      await home
        .removeFolder(copyOf())
        .catch((error: NodeJS.ErrnoException) => expect(['ENOTEMPTY', 'EISDIR', 'ENOTDIR']).toContain(error.code));
      await stop();
      expect(precious()).toBe('mine');
    }
  });
});

describe('looking at what is there', () => {
  it('takes nothing for absent but what is absent', async () => {
    writeFileSync(join(copyOf(), 'file'), '12345');
    expect(await home.exists(join(copyOf(), 'file'))).toBe(true);
    expect(await home.exists(join(copyOf(), 'none'))).toBe(false);
    expect(await home.exists(join(copyOf(), 'file', 'below'))).toBe(false);
    const unnameable = join(copyOf(), 'x'.repeat(300));
    await expect(home.exists(unnameable)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    await expect(home.bytesBelow(unnameable)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    await expect(home.listWorktrees(unnameable)).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    expect(await home.bytesBelow(join(copyOf(), 'none'))).toBe(0);
    expect(await home.listWorktrees(join(copyOf(), 'none'))).toEqual([]);
  });

  it('counts the rest when an agent nests folders too deep for a path', async () => {
    writeFileSync(join(copyOf(), 'file'), '12345');
    const [upper, lower] = ['upper', 'lower'].map((name) => join(copyOf(), name, ...Array.from({ length: 14 }, () => 'd'.repeat(200))));
    mkdirSync(String(upper), { recursive: true });
    mkdirSync(String(lower), { recursive: true });
    writeFileSync(join(String(lower), 'file'), 'deep');
    expect(await home.bytesBelow(copyOf())).toBe(9);
    renameSync(join(copyOf(), 'lower'), join(String(upper), 'lower'));
    expect(await home.bytesBelow(copyOf())).toBe(5);
    await home.removeFolder(copyOf());
  });

  it('fails clearly where the system does not show open files, and touches nothing', async () => {
    const blind = homeFolders({ path: join(folder, 'home'), userHome: folder, environment: {}, descriptors: join(folder, 'proc', 'fd') });
    writeFileSync(join(copyOf(), 'file'), 'text');
    for (const work of [
      () => blind.removeFolder(copyOf()),
      () => blind.copyFolder(copyOf(), join(folder, 'home', 'sessions', 'b')),
      () => blind.readBeneath(copyOf(), 'file', 100),
    ])
      await expect(work()).rejects.toMatchObject({ code: 'descriptors_missing' });
    expect(readFileSync(join(copyOf(), 'file'), 'utf8')).toBe('text');
    expect(existsSync(join(folder, 'home', 'sessions', 'b'))).toBe(false);
    expect(await home.readBeneath(copyOf(), 'file', 100)).not.toBeNull();
  });
});

describe('copying a folder that an agent wrote', () => {
  const target = () => join(folder, 'home', 'sessions', 'b');

  it('takes files and folders, links as links, and no second names', async () => {
    mkdirSync(join(copyOf(), 'a'));
    writeFileSync(join(copyOf(), 'a', 'f'), 'text');
    symlinkSync('/etc/passwd', join(copyOf(), 'link'));
    linkSync(join(folder, 'outside', 'precious'), join(copyOf(), 'hard'));
    execFileSync('mkfifo', [join(copyOf(), 'pipe')]);
    await home.copyFolder(copyOf(), target());
    expect(readFileSync(join(target(), 'a', 'f'), 'utf8')).toBe('text');
    expect(readlinkSync(join(target(), 'link'))).toBe('/etc/passwd');
    expect(readdirSync(target()).sort()).toEqual(['a', 'link']);
  });

  it('copies nothing of the outside while folders are exchanged for links', async () => {
    const victim = join(copyOf(), 'victim');
    mkdirSync(victim);
    writeFileSync(join(victim, 'precious'), 'decoy');
    const stop = swapping(victim);
    const seen = new Set<string>();
    for (let turn = 0; turn < 150; turn += 1) {
      const to = join(folder, 'home', 'sessions', `${turn}`);
      await home.copyFolder(copyOf(), to);
      // Read without following a link that was copied as a link.
      for (const name of ['victim', 'victim-kept']) {
        const bytes = await home.readBeneath(to, `${name}/precious`, 100);
        if (bytes !== null) seen.add(Buffer.from(bytes).toString());
      }
    }
    await stop();
    expect([...seen]).toEqual(['decoy']);
  });
});
