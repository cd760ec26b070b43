/** Reading and writing beyond the working copy. Every payload must succeed without walls: else it proves nothing. */
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Confinement, Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { type Ground, isRoot, makeGround, PYTHON, tryShell } from './ground.ts';

let ground: Ground;
let walled: { spec: SandboxSpec; confinement: Confinement };
let open: { spec: SandboxSpec; confinement: Confinement };
let sandbox: Sandbox;

beforeAll(async () => {
  ground = makeGround();
  sandbox = ground.sandbox();
  const [strict, none] = [ground.spec('strict'), ground.spec('none')];
  walled = { spec: strict, confinement: await sandbox.open(strict) };
  open = { spec: none, confinement: await sandbox.open(none) };
});
afterAll(async () => {
  await Promise.all([walled.confinement.close(0), open.confinement.close(0)]);
  ground.remove();
});

interface Attack {
  name: string;
  payload: string;
  needsRoot?: boolean;
  before?: () => void;
  /** True: the attack had its effect. */
  effect: (output: string, spec: SandboxSpec) => boolean;
  after?: () => void;
}

const sawCanary = (output: string): boolean => output.includes(ground.canary);
const victimFile = (name: string): string => `${ground.victim}/${name}`;

const READS: Attack[] = [
  { name: 'a file beside the working copy', payload: 'cat "$VICTIM/secret"', effect: sawCanary },
  { name: 'the same by a relative path', payload: 'cat ../victim/secret', effect: sawCanary },
  { name: 'the same by an absolute link', payload: 'ln -sf "$VICTIM/secret" link; cat link', effect: sawCanary },
  { name: 'the same by a relative link', payload: 'ln -sf ../victim/secret link2; cat link2', effect: sawCanary },
  { name: 'the same by a chain of links to folders', payload: 'ln -sfn "$VICTIM" l1; ln -sfn l1 l2; cat l2/secret', effect: sawCanary },
  { name: 'the same by a hard link', payload: 'ln "$VICTIM/secret" hard && cat hard', effect: sawCanary },
  { name: 'the database', payload: 'cat "$VICTIM/gluon.db"', effect: sawCanary },
  { name: "a key in the person's home", payload: 'cat "$HOST_HOME/.ssh/id_ed25519"', effect: sawCanary },
  { name: 'the names of the folders around', payload: 'ls "$VICTIM"', effect: (output) => output.includes('gluon.db') },
  {
    name: 'everything that find can reach',
    payload: 'find / -xdev -name gluon.db 2>/dev/null; find "$BASE" -name gluon.db',
    effect: (output) => output.includes('gluon.db'),
  },
  { name: 'the accounts of the host', payload: 'cat /etc/shadow', needsRoot: true, effect: (output) => output.includes('root:') },
  {
    name: 'private keys of the host',
    payload: 'ls -d /etc/ssl/private /etc/ssh',
    needsRoot: true,
    effect: (output) => output.includes('/etc/ss'),
  },
  { name: 'the name of the host', payload: 'uname -n', effect: (output) => output.trim() === hostname() },
  {
    name: 'kernel memory',
    payload: 'head -c 64 /proc/kpageflags | wc -c',
    needsRoot: true,
    effect: (output) => Number(output) > 0,
  },
  {
    name: 'the session folder of another run',
    payload: 'cat "$OTHER_SESSION/notes"',
    before: () => writeFileSync(`${open.spec.sessionFolder}/notes`, ground.canary),
    effect: sawCanary,
  },
];

const WRITES: Attack[] = [
  {
    name: 'a new file outside',
    payload: 'echo x > "$VICTIM/planted"',
    effect: () => existsSync(victimFile('planted')),
    after: () => rmSync(victimFile('planted'), { force: true }),
  },
  {
    name: 'over a file outside',
    payload: 'echo overwritten > "$VICTIM/folder/file"',
    effect: () => readFileSync(victimFile('folder/file'), 'utf8').includes('overwritten'),
    after: () => writeFileSync(victimFile('folder/file'), ground.canary),
  },
  {
    name: 'through a link in the working copy',
    payload: 'ln -sfn "$VICTIM" way; echo x > way/planted',
    effect: () => existsSync(victimFile('planted')),
    after: () => rmSync(victimFile('planted'), { force: true }),
  },
  {
    name: 'a configuration file that was not there',
    payload: 'mkdir -p "$HOST_HOME/.claude"; echo "{}" > "$HOST_HOME/.claude/settings.json"',
    effect: () => existsSync(`${ground.home}/.claude/settings.json`),
    after: () => rmSync(`${ground.home}/.claude`, { recursive: true, force: true }),
  },
  {
    name: 'a start file of a shell',
    payload: 'echo "touch pwned" >> "$HOST_HOME/.bashrc"',
    effect: () => existsSync(`${ground.home}/.bashrc`),
    after: () => rmSync(`${ground.home}/.bashrc`, { force: true }),
  },
  {
    name: 'a renamed file outside',
    payload: 'mv "$VICTIM/folder" "$VICTIM/moved"',
    effect: () => existsSync(victimFile('moved')),
    after: () => {
      if (existsSync(victimFile('moved'))) {
        rmSync(victimFile('moved'), { recursive: true });
        mkdirSync(victimFile('folder'));
        writeFileSync(victimFile('folder/file'), ground.canary);
      }
    },
  },
  {
    name: 'a removed file outside',
    payload: 'rm -f "$VICTIM/folder/file"',
    effect: () => !existsSync(victimFile('folder/file')),
    after: () => writeFileSync(victimFile('folder/file'), ground.canary),
  },
  {
    name: 'a link outside that leads in',
    payload: 'ln -s /etc/passwd "$VICTIM/link"',
    effect: () => linkExists(victimFile('link')),
    after: () => rmSync(victimFile('link'), { force: true }),
  },
  {
    name: 'a program into /usr/local',
    payload: 'echo x > "/usr/local/bin/$MARK"',
    needsRoot: true,
    effect: () => existsSync(`/usr/local/bin/${ground.homeId}`),
    after: () => rmSync(`/usr/local/bin/${ground.homeId}`, { force: true }),
  },
  {
    name: 'into /etc',
    payload: 'echo x > "/etc/$MARK"',
    needsRoot: true,
    effect: () => existsSync(`/etc/${ground.homeId}`),
    after: () => rmSync(`/etc/${ground.homeId}`, { force: true }),
  },
  {
    name: 'a kernel setting',
    payload: 'v=$(cat /proc/sys/kernel/core_pattern); echo "$v" > /proc/sys/kernel/core_pattern && echo WROTE',
    needsRoot: true,
    effect: (output) => output.includes('WROTE'),
  },
  {
    name: 'a new mount',
    payload: 'mkdir -p m; mount -t tmpfs none m && echo MOUNTED; umount m',
    needsRoot: true,
    effect: (output) => output.includes('MOUNTED'),
  },
  {
    name: 'a mount in a namespace of its own',
    payload: 'mkdir -p m; unshare -Urm sh -c "mount -t tmpfs none m && echo MOUNTED"',
    effect: (output) => output.includes('MOUNTED'),
  },
  {
    name: 'a device node',
    payload: 'rm -f disk; mknod disk b 254 0',
    needsRoot: true,
    effect: (_output, spec) => existsSync(`${spec.workingCopy}/disk`),
  },
  {
    name: 'a control group',
    payload: 'cd /sys/fs/cgroup/pids 2>/dev/null || cd /sys/fs/cgroup && mkdir "$MARK-escape" && echo MADE; rmdir "$MARK-escape"',
    needsRoot: true,
    effect: (output) => output.includes('MADE'),
  },
];

describe('reading', () => {
  for (const attack of READS) it.skipIf(attack.needsRoot === true && !isRoot)(`cannot reach ${attack.name}`, () => bothWays(attack));
});
describe('writing', () => {
  for (const attack of WRITES) it.skipIf(attack.needsRoot === true && !isRoot)(`cannot leave ${attack.name}`, () => bothWays(attack));
});

async function bothWays(attack: Attack): Promise<void> {
  const env = {
    VICTIM: ground.victim,
    HOST_HOME: ground.home,
    BASE: ground.base,
    MARK: ground.homeId,
    OTHER_SESSION: open.spec.sessionFolder,
  };
  attack.before?.();
  try {
    const held = await tryShell(walled.confinement, walled.spec, attack.payload, env);
    expect(attack.effect(held.output, walled.spec), `behind walls: ${held.output}`).toBe(false);
    const control = await tryShell(open.confinement, open.spec, attack.payload, env);
    expect(attack.effect(control.output, open.spec), `control, must succeed: ${control.output} ${control.stderr}`).toBe(true);
  } finally {
    attack.after?.();
  }
}

describe('a protected folder inside the working copy', () => {
  const PAYLOADS: Record<string, string> = {
    'written into': 'echo x > kept/planted',
    'changed in place': 'echo x > kept/config',
    renamed: 'mv kept elsewhere',
    removed: 'rm -rf kept',
    'replaced by a link': 'rm -rf kept; ln -s /tmp kept',
    'filled by a hard link': 'echo x > own; ln own kept/linked',
    'exchanged with another folder': `mkdir other; ${PYTHON} -c 'import ctypes;exit(ctypes.CDLL(None).renameat2(-100,b"kept",-100,b"other",2))'`,
  };
  for (const [how, payload] of Object.entries(PAYLOADS)) {
    it(`cannot be ${how}`, async () => {
      for (const kept of [true, false]) {
        const spec = ground.spec('strict');
        mkdirSync(`${spec.workingCopy}/kept`);
        writeFileSync(`${spec.workingCopy}/kept/config`, 'as it was');
        const confinement = await sandbox.open({ ...spec, readOnly: kept ? [`${spec.workingCopy}/kept`] : [] });
        await tryShell(confinement, spec, payload);
        await confinement.close(0);
        expect(untouched(`${spec.workingCopy}/kept`)).toBe(kept);
      }
    });
  }
});

function untouched(folder: string): boolean {
  return (
    existsSync(folder) &&
    lstatSync(folder).isDirectory() &&
    existsSync(`${folder}/config`) &&
    readFileSync(`${folder}/config`, 'utf8') === 'as it was' &&
    !existsSync(`${folder}/planted`) &&
    !existsSync(`${folder}/linked`)
  );
}

function linkExists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

describe('two runs', () => {
  for (const place of ['/tmp', '$HOME', '/var/tmp', '/dev/shm']) {
    it(`cannot pass anything through ${place}`, async () => {
      for (const level of ['strict', 'none'] as const) {
        const [a, b] = [ground.spec(level), ground.spec(level)];
        const [first, second] = [await sandbox.open(a), await sandbox.open(b)];
        // The first is alive all the while.
        const writer = first.start({
          command: '/bin/bash',
          args: ['-c', `echo ${ground.canary} > "${place}/${ground.homeId}"; echo ready; read line; rm -f "${place}/${ground.homeId}"`],
          env: {},
          cwd: a.workingCopy,
        });
        await new Promise((resolve) => writer.stdout.once('data', resolve));
        const seen = await tryShell(second, b, `cat "${place}/${ground.homeId}"`);
        writer.stdin.end('\n');
        await writer.ended;
        await Promise.all([first.close(0), second.close(0)]);
        expect(sawCanary(seen.output)).toBe(level === 'none');
      }
    });
  }
});

describe('paths that are no working copy', () => {
  const refused: [string, (spec: SandboxSpec) => Partial<SandboxSpec>][] = [
    ['the root', () => ({ workingCopy: '/' })],
    ["the person's home", () => ({ workingCopy: ground.home })],
    ['a folder that holds the home', () => ({ workingCopy: ground.base })],
    ['a folder that holds the database', () => ({ workingCopy: ground.victim })],
    ['a folder that holds the database, to read', () => ({ readOnly: [ground.victim] })],
    ['the database itself, to read', () => ({ readOnly: [`${ground.victim}/gluon.db`] })],
    ['a folder of the system', () => ({ workingCopy: '/etc/ssl' })],
    ['a program mounted over the system', () => ({ mounts: [{ from: `${ground.victim}/folder`, to: '/usr/bin' }] })],
    ['an unplain path', (spec) => ({ workingCopy: `${spec.workingCopy}/../victim` })],
    ['a link to the home', (spec) => ({ workingCopy: `${spec.workingCopy}/link` })],
    ['a socket that is a plain file', () => ({ gatewaySocket: `${ground.victim}/secret` })],
    ['a missing folder', () => ({ workingCopy: `${ground.base}/nowhere` })],
  ];
  it.each(refused)('%s is refused', async (_name, change) => {
    const spec = ground.spec('strict');
    await tryShell(open.confinement, open.spec, `ln -sfn "${ground.home}" "${spec.workingCopy}/link"`);
    await expect(sandbox.open({ ...spec, ...change(spec) })).rejects.toMatchObject({ code: 'sandbox_unavailable' });
    const control = await sandbox.open(spec);
    await control.close(0);
  });
});
