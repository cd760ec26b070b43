/** bin/gluon in an installation of its own, whose command line only says how it was started. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { isNewEnough } from '../../scripts/setup/node-program.mjs';
import { ROOT } from '../architecture/source-files.ts';

const CLI = `
if (process.argv[2] === 'wait') {
  process.on('SIGTERM', () => process.exit(7));
  setInterval(() => {}, 1000);
  console.log('pid', process.pid);
} else {
  console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }));
  process.exitCode = 3;
}`;

let folder = '';
let launcher = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'a b'));
  launcher = join(folder, 'bin/gluon');
  for (const name of ['bin', 'dist', 'node_modules/.bin', 'elsewhere']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['gluon', 'package.json']) copyFileSync(join(ROOT, 'bin', name), join(folder, 'bin', name));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'dist/cli.js'), CLI);
  symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
  symlinkSync('../bin/gluon', join(folder, 'elsewhere/gluon'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Without any Node on the path: the launcher has to find its own. */
const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };

it.each(['bin/gluon', 'elsewhere/gluon'])('%s starts from any folder, hands over the arguments and the exit code', (path) => {
  const end = spawnSync(join(folder, path), ['run', 'two words', '--', '*', ''], { cwd: tmpdir(), env, encoding: 'utf8' });
  expect(JSON.parse(end.stdout)).toEqual({ args: ['run', 'two words', '--', '*', ''], cwd: tmpdir() });
  expect(end.status).toBe(3);
});

it('starts the same by a Node of the caller', () => {
  const end = spawnSync(process.execPath, [launcher, 'x'], { env, encoding: 'utf8' });
  expect(JSON.parse(end.stdout).args).toEqual(['x']);
});

it('is one process: who stops the launcher stops the command line', async () => {
  const child = spawn(launcher, ['wait'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  expect(line.toString()).toBe(`pid ${child.pid}\n`);
  child.kill('SIGTERM');
  expect(await once(child, 'close')).toEqual([7, null]);
});

it('says what to do when nothing is built', () => {
  rmSync(join(folder, 'dist'), { recursive: true });
  const end = spawnSync(launcher, [], { env, encoding: 'utf8' });
  expect(end.stderr).toBe(`gluon: Gluon is not built yet. Run "npm run setup" in ${folder}.\n`);
  expect(end.status).toBe(1);
});

it.each([
  ['v20.19.2', false],
  ['v22.17.9', false],
  ['v22.18.0', true],
  ['v24.0.0', true],
])('Node %s is new enough: %s', (version, expected) => {
  expect(isNewEnough(version)).toBe(expected);
});
