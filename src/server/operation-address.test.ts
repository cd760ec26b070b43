import { describe, expect, it } from 'vitest';
import { operationAddress, restOfPath } from './operation-address.ts';

describe('operationAddress', () => {
  it('turns parameters into the words of the router', () => {
    expect(operationAddress('/runs/{run}/commits/{sha}')).toEqual({
      url: '/api/runs/:run/commits/:sha',
      params: ['run', 'sha'],
      rest: null,
    });
  });

  it('ends at a wildcard and keeps what must follow it', () => {
    expect(operationAddress('/runs/{run}/files/{path*}/diff')).toEqual({
      url: '/api/runs/:run/files/*',
      params: ['run', 'path'],
      rest: { name: 'path', suffix: '/diff' },
    });
  });

  it('refuses a parameter behind a wildcard', () => {
    expect(() => operationAddress('/a/{rest*}/{b}')).toThrow('after its wildcard');
  });
});

describe('restOfPath', () => {
  it('cuts the suffix once', () => {
    expect(restOfPath('a/diff/diff', '/diff')).toBe('a/diff');
  });
  it('is null for another end, and for nothing before it', () => {
    expect(restOfPath('a/b', '/diff')).toBeNull();
    expect(restOfPath('/diff', '/diff')).toBeNull();
  });
});
