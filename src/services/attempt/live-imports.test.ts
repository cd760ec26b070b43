import { expect, test } from 'vitest';
import { liveImports } from './live-imports.ts';

function controlled() {
  const waiting: PromiseWithResolvers<void>[] = [];
  const imports = liveImports(() => {
    const one = Promise.withResolvers<void>();
    waiting.push(one);
    return one.promise;
  });
  return { imports, waiting };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('requests during an import become one import after it', async () => {
  const { imports, waiting } = controlled();
  imports.request();
  imports.request();
  imports.request();
  await turn();
  expect(waiting).toHaveLength(1);
  waiting[0]?.resolve();
  await turn();
  expect(waiting).toHaveLength(2);
  waiting[1]?.resolve();
  await imports.settled();
  expect(waiting).toHaveLength(2);
});

test('settled waits for the import under way', async () => {
  const { imports, waiting } = controlled();
  imports.request();
  let settled = false;
  const done = imports.settled().then(() => {
    settled = true;
  });
  await turn();
  expect(settled).toBe(false);
  waiting[0]?.resolve();
  await done;
});

test('a later request starts a new import', async () => {
  const { imports, waiting } = controlled();
  imports.request();
  waiting[0]?.resolve();
  await imports.settled();
  imports.request();
  expect(waiting).toHaveLength(2);
  waiting[1]?.resolve();
  await imports.settled();
});

test('a failure is told by settled, and only there', async () => {
  const { imports, waiting } = controlled();
  imports.request();
  waiting[0]?.reject(new Error('no'));
  await expect(imports.settled()).rejects.toThrow('no');
});
