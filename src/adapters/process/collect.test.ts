import { spawn } from 'node:child_process';
import { expect, test } from 'vitest';
import type { ConfinedCommand, ConfinedEnd } from '../../ports/sandbox.ts';
import { collect } from './collect.ts';

function run(script: string, command: Pick<ConfinedCommand, 'dialogue' | 'maxOutputBytes'>) {
  const child = spawn('/bin/sh', ['-c', script]);
  const ended = new Promise<ConfinedEnd>((resolve) =>
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, exceeded: null })),
  );
  child.stdin.on('error', () => {
    // The script ended before it read its answer.
  });
  const { stdin, stdout, stderr } = child;
  return collect({ stdin, stdout, stderr, ended }, command, async () => void child.kill('SIGKILL'));
}

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

test('without a dialogue standard input is empty and the whole output is given', async () => {
  expect(await run('cat; echo out; echo wrong >&2; exit 3', {})).toMatchObject({ exitCode: 3, stderr: 'wrong\n', truncated: false });
});

test('a dialogue begins with the word, and its output is what came after the question', async () => {
  const begin = Promise.withResolvers<void>();
  const order: string[] = [];
  const done = run(`read -r word; printf 'one\\0two\\0\\0'; cat; printf 'more\\0\\0'`, {
    dialogue: {
      begin: begin.promise.then(() => void order.push('begin')),
      async answer(question) {
        order.push(text(question));
        return Buffer.from('answered ');
      },
    },
  });
  order.push('before');
  begin.resolve();
  expect(text((await done).stdout)).toBe('answered more\0\0');
  expect(order).toEqual(['before', 'begin', 'one\0two\0']);
});

test('a question that ends across two pieces of output is seen', async () => {
  // The pause makes two pieces of it on any machine that is not stopped in between; as one piece it must do as well.
  const end = await run(`read -r word; printf 'one\\0'; sleep 0.2; printf '\\0rest'; cat >/dev/null`, {
    dialogue: { begin: Promise.resolve(), answer: async (question) => Buffer.from(question) },
  });
  expect(text(end.stdout)).toBe('rest');
});

test('an answer that fails ends the command and is thrown', async () => {
  const answer = () => Promise.reject(new Error('no answer'));
  await expect(run(`read -r word; printf 'one\\0\\0'; exec sleep 60`, { dialogue: { begin: Promise.resolve(), answer } })).rejects.toThrow(
    'no answer',
  );
  const never = { begin: Promise.reject(new Error('no word')), answer: async () => Buffer.alloc(0) };
  await expect(run('exec sleep 60', { dialogue: never })).rejects.toThrow('no word');
});

test('a command that ends without its question is not asked for an answer', async () => {
  let asked = 0;
  const dialogue = {
    begin: new Promise<void>(() => {}),
    async answer() {
      asked += 1;
      return Buffer.alloc(0);
    },
  };
  expect(await run(`printf 'one\\0'; exit 4`, { dialogue })).toMatchObject({ exitCode: 4 });
  expect(asked).toBe(0);
});

test('output beyond its bound ends the command', async () => {
  const end = await run('exec yes', { maxOutputBytes: 1_000 });
  expect(end).toMatchObject({ truncated: true, signal: 'SIGKILL' });
  expect(end.stdout.length).toBe(1_000);
});
