import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, link, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from '../system/random.ts';
import { type OpenedHome, openHome } from './open.ts';

let folder: string;
const opened: OpenedHome[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gluon-home-'));
});
afterEach(async () => {
  for (const home of opened.splice(0)) await home.release();
  await rm(folder, { recursive: true, force: true });
});

async function open(path = join(folder, 'home')): Promise<OpenedHome> {
  const home = await openHome({ environment: { GLUON_HOME: path, WHERE: folder }, userHome: folder, random: systemRandom() });
  opened.push(home);
  return home;
}

describe('a home', () => {
  it('is made private, with a token that stays', async () => {
    const first = await open();
    expect((await stat(first.path)).mode & 0o777).toBe(0o700);
    expect((await stat(join(first.path, 'token'))).mode & 0o777).toBe(0o600);
    expect((await readFile(join(first.path, 'token'), 'utf8')).trim()).toBe(first.token);
    await first.release();
    expect((await open()).token).toBe(first.token);
  });

  it('a token file that others could read is closed', async () => {
    const home = await open();
    await chmod(join(home.path, 'token'), 0o644);
    await home.release();
    await open();
    expect((await stat(join(home.path, 'token'))).mode & 0o777).toBe(0o600);
  });

  it('serves one server: the second is refused and hears who the first is', async () => {
    await open();
    await expect(open()).rejects.toMatchObject({ code: 'home_in_use', params: { pid: process.pid } });
  });

  it('is free again when its server was killed', async () => {
    const script = `import { lockHome } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}; await lockHome(process.argv[1]); process.stdout.write('held'); setInterval(() => {}, 1000);`;
    await mkdir(join(folder, 'home'));
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, join(folder, 'home')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await expect(open()).rejects.toMatchObject({ code: 'home_in_use', params: { pid: child.pid } });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await expect(open()).resolves.toBeDefined();
  });

  it('refuses a link, and a place that cannot be written', async () => {
    await mkdir(join(folder, 'real'));
    await symlink(join(folder, 'real'), join(folder, 'link'));
    await expect(open(join(folder, 'link'))).rejects.toMatchObject({ code: 'home_unsafe' });
    await writeFile(join(folder, 'file'), '');
    await expect(open(join(folder, 'file', 'home'))).rejects.toMatchObject({ code: 'home_not_writable' });
    await expect(open('/proc/gluon-home')).rejects.toMatchObject({ code: 'home_not_writable' });
  });

  it('keeps its sockets where their paths are short enough', async () => {
    const home = await open(join(folder, 'a'.repeat(80)));
    expect(Buffer.byteLength(home.socketFolder)).toBeLessThanOrEqual(57);
    expect((await stat(home.socketFolder)).mode & 0o777).toBe(0o700);
  });
});

describe('paths', () => {
  it('understands ~ and variables, and wants a folder', async () => {
    const home = await open();
    await mkdir(join(folder, 'x'));
    expect(await home.resolvePath('~/x')).toBe(join(folder, 'x'));
    expect(await home.resolvePath(`\${WHERE}/x`)).toBe(join(folder, 'x'));
    expect(await home.resolvePath('$WHERE/x')).toBe(join(folder, 'x'));
    for (const bad of ['x', '~/gone', '$NOTHING/x', '~user/x', '~/home/token', '/a\0b']) {
      await expect(home.resolvePath(bad)).rejects.toMatchObject({ code: 'path_not_found' });
    }
  });

  it('finds repositories to a depth of three, not inside one another', async () => {
    const home = await open();
    for (const path of [
      'w/a/.git',
      'w/b/c/.git',
      'w/a/inner/.git',
      'w/1/2/3/.git',
      'w/1/2/3/4/.git',
      'w/p/q/r/s/.git',
      'w/node_modules/m/.git',
    ]) {
      await mkdir(join(folder, path), { recursive: true });
    }
    await symlink(join(folder, 'w', 'a'), join(folder, 'w', 'link'));
    expect(await home.findRepositories(join(folder, 'w'))).toEqual(['a', 'b/c', '1/2/3'].map((path) => join(folder, 'w', path)).sort());
  });

  it('removes nothing outside, and no target of a link', async () => {
    const home = await open();
    await writeFile(join(folder, 'precious'), 'x');
    for (const bad of [home.path, folder, join(home.path, '..', 'precious'), '/'])
      await expect(home.removeFolder(bad)).rejects.toThrow('not inside');
    const run = home.sessionFolder('r');
    await home.makeFolder(run);
    await symlink(folder, join(run, 'out'));
    await home.removeFolder(run);
    expect(await readFile(join(folder, 'precious'), 'utf8')).toBe('x');
  });

  it('copies a session folder with its links as links', async () => {
    const home = await open();
    await home.makeFolder(home.sessionFolder('a'));
    await writeFile(join(home.sessionFolder('a'), 's.jsonl'), 'one');
    await symlink('/etc/passwd', join(home.sessionFolder('a'), 'link'));
    await home.copyFolder(home.sessionFolder('a'), home.sessionFolder('b'));
    expect(await readFile(join(home.sessionFolder('b'), 's.jsonl'), 'utf8')).toBe('one');
    expect(await home.readBeneath(home.sessionFolder('b'), 'link', 1e6)).toBeNull();
    expect(await home.bytesBelow(home.sessionFolder('b'))).toBeGreaterThanOrEqual(3);
  });
});

describe('reading beneath a folder that an agent writes', () => {
  let root: string;
  let home: OpenedHome;
  beforeEach(async () => {
    home = await open();
    root = join(folder, 'copy');
    await mkdir(join(root, 'a', 'b'), { recursive: true });
    await writeFile(join(root, 'a', 'b', 'f'), 'inside');
    await writeFile(join(folder, 'secret'), 'outside');
  });
  const text = async (path: string) => {
    const bytes = await home.readBeneath(root, path, 1000);
    return bytes === null ? null : Buffer.from(bytes).toString();
  };

  it('gives a regular file', async () => {
    expect(await text('a/b/f')).toBe('inside');
    expect(await text('./a//b/f')).toBe('inside');
  });

  it.each([
    ['a link to a file', async () => symlink(join(folder, 'secret'), join(root, 'x')), 'x'],
    ['a relative link', async () => symlink('../secret', join(root, 'x')), 'x'],
    ['a link to a folder on the way', async () => symlink(folder, join(root, 'd')), 'd/secret'],
    ['a chain of links', async () => symlink('d2', join(root, 'd1')).then(() => symlink(folder, join(root, 'd2'))), 'd1/secret'],
    ['a hard link to a file outside', async () => link(join(folder, 'secret'), join(root, 'x')), 'x'],
    ['dots', async () => {}, '../secret'],
    ['dots in the middle', async () => {}, 'a/../../secret'],
    ['an absolute path', async () => {}, '/etc/passwd'],
    ['a folder', async () => {}, 'a'],
    ['a NUL', async () => {}, 'a\0b'],
    ['nothing', async () => {}, ''],
    ['a very long name', async () => {}, 'x'.repeat(5000)],
  ])('gives nothing for %s', async (_name, plant, path) => {
    await plant();
    expect(await text(path)).toBeNull();
  });

  it('positive control: a plain read does follow those links', async () => {
    await symlink(folder, join(root, 'd'));
    expect(await readFile(join(root, 'd', 'secret'), 'utf8')).toBe('outside');
  });

  it('refuses what is too large', async () => {
    await expect(home.readBeneath(root, 'a/b/f', 3)).rejects.toMatchObject({ code: 'too_large' });
  });

  it('a folder swapped for a link while it is read leads nowhere', async () => {
    await mkdir(join(root, 'swap'));
    await writeFile(join(root, 'swap', 'secret'), 'decoy');
    let swapping = true;
    const swapper = (async () => {
      while (swapping) {
        await rename(join(root, 'swap'), join(root, 'kept'));
        await symlink(folder, join(root, 'swap'));
        await rm(join(root, 'swap'));
        await rename(join(root, 'kept'), join(root, 'swap'));
      }
    })();
    const seen = new Set<string | null>();
    for (let turn = 0; turn < 500; turn += 1) seen.add(await text('swap/secret'));
    swapping = false;
    await swapper;
    expect(seen).not.toContain('outside');
  });
});
