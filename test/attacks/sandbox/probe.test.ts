import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  COMMIT_SCRIPT,
  isUntouched,
  MEDDLE_SCRIPT,
  type ProbedProject,
  prepareProject,
} from '../../../src/adapters/sandbox/bubblewrap/probe-git.ts';
import type { Sandbox, SandboxSpec } from '../../../src/ports/sandbox.ts';
import { type Ground, makeGround } from './ground.ts';

let ground: Ground;
let sandbox: Sandbox;
beforeAll(() => {
  ground = makeGround();
  sandbox = ground.sandbox();
});
afterAll(() => ground.remove());

async function tried(level: SandboxSpec['level'], script: string): Promise<{ output: string; project: ProbedProject }> {
  const spec = ground.spec(level);
  const path = `${spec.workingCopy}-project`;
  mkdirSync(path);
  const project = await prepareProject(sandbox, { ...spec, level: 'strict' }, path);
  const confinement = await sandbox.open({ ...spec, readOnly: [`${path}/.git/objects`] });
  try {
    const args = ['-c', script, 'sh', '', '', '', '', path, project.commit];
    const end = await confinement.run({ command: '/bin/sh', args, env: {}, cwd: spec.workingCopy, timeoutMs: 10_000 });
    return { output: Buffer.from(end.stdout).toString('utf8').trim(), project };
  } finally {
    await confinement.close(0);
  }
}

it('a private clone takes commits, and the project stays as it is', async () => {
  const { output, project } = await tried('strict', COMMIT_SCRIPT);
  expect(project.commit).toMatch(/^[0-9a-f]{40}$/);
  expect(output).toBe('2');
  expect(await isUntouched(project)).toBe(true);
});

it('what would change the project shows and changes nothing behind walls', async () => {
  const { output, project } = await tried('strict', MEDDLE_SCRIPT);
  expect(output).toBe('');
  expect(await isUntouched(project)).toBe(true);
});

it('positive control: without walls the same script sees and changes it', async () => {
  const { output, project } = await tried('none', MEDDLE_SCRIPT);
  expect(output.split('\n')).toEqual(expect.arrayContaining([`${project.path}/.git/config`, `${project.path}/.git/hooks`]));
  expect(await isUntouched(project)).toBe(false);
});
