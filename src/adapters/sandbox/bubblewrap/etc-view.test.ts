import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { systemClock } from '../../system/clock.ts';
import { etcView } from './etc-view.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-etc-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test('shows what is listed as it is on the host, and nothing else', async () => {
  const path = await etcView(folder, systemClock())();
  expect(readFileSync(join(path, 'ld.so.cache'))).toEqual(readFileSync('/etc/ld.so.cache'));
  expect(readFileSync(join(path, 'passwd'), 'utf8')).not.toBe(readFileSync('/etc/passwd', 'utf8'));
  expect(readFileSync(join(path, 'resolv.conf'), 'utf8')).toBe('');
  for (const secret of ['shadow', 'gshadow', 'ssh', 'sudoers', 'ssl/private', 'apt']) expect(existsSync(join(path, secret))).toBe(false);
  const certificates = join('ssl', 'certs');
  expect(readdirSync(join(path, certificates)).toSorted()).toEqual(readdirSync(join('/etc', certificates)).toSorted());
});

test('nothing in it is a device, a socket or a pipe', async () => {
  const path = await etcView(folder, systemClock())();
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  const odd = names.filter((name) => {
    const facts = lstatSync(join(path, name));
    return !facts.isFile() && !facts.isDirectory() && !facts.isSymbolicLink();
  });
  expect([names.length > 5, odd]).toEqual([true, []]);
});

test('is made once, found again, and takes older ones away', async () => {
  const view = etcView(folder, systemClock());
  const [path, same] = await Promise.all([view(), view()]);
  expect(same).toBe(path);
  mkdirSync(join(folder, 'etc-of-another-time', 'ssl'), { recursive: true });
  mkdirSync(join(folder, 'building-etc-now'));
  const madeAt = lstatSync(path).ino;
  expect(await etcView(folder, systemClock())()).toBe(path);
  expect(lstatSync(path).ino).toBe(madeAt);
  // A view that another one is at work on stays.
  expect(readdirSync(folder).toSorted()).toEqual(['building-etc-now', path.slice(folder.length + 1)]);
});

test('one from before the machine came up is made anew: a power cut may have emptied its files', async () => {
  const clock = systemClock();
  const path = await etcView(folder, clock)();
  const whole = readFileSync(join(path, 'passwd'), 'utf8');
  writeFileSync(join(path, 'passwd'), '');
  // Of this start of the machine: taken as it is.
  expect(await etcView(folder, clock)()).toBe(path);
  expect(readFileSync(join(path, 'passwd'), 'utf8')).toBe('');
  const afterABoot = { ...clock, nowMs: () => clock.nowMs() + uptime() * 1000 + 3_600_000 };
  expect(await etcView(folder, afterABoot)()).toBe(path);
  expect(readFileSync(join(path, 'passwd'), 'utf8')).toBe(whole);
});
