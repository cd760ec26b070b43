import { expect, test } from 'vitest';
import { operationRequest } from './operation-request.ts';

test('path parameters are encoded, and taken out of query and body', () => {
  const input = { project: 'my shop/../x', name: 'n' };
  expect(operationRequest({ method: 'POST', path: '/projects/{project}/y' }, input)).toEqual({
    method: 'POST',
    path: '/api/projects/my%20shop%2F..%2Fx/y',
    body: { name: 'n' },
  });
});

test('a rest parameter keeps its slashes', () => {
  const { path } = operationRequest(
    { method: 'GET', path: '/runs/{run}/files/{path*}/diff' },
    { run: 'ab', path: 'src/a b.ts', offset: 3 },
  );
  expect(path).toBe('/api/runs/ab/files/src/a%20b.ts/diff?offset=3');
});

test('lists are repeated in a query, and what is undefined is left out', () => {
  const { path, body } = operationRequest({ method: 'GET', path: '/runs' }, { status: ['a', 'b'], project: undefined, archived: false });
  expect(path).toBe('/api/runs?status=a&status=b&archived=false');
  expect(body).toBeUndefined();
});

test('null is sent in a body', () => {
  expect(operationRequest({ method: 'PATCH', path: '/x' }, { a: null, b: undefined }).body).toEqual({ a: null });
});
