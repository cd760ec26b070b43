import { describe, expect, it } from 'vitest';
import { bearerToken, roleSuffices, tokenCheck } from './tokens.ts';

const token = 'x'.repeat(43);

describe('tokenCheck', () => {
  const check = tokenCheck([
    { token, name: 'owner', role: 'admin' },
    { token: 'y'.repeat(43), name: 'vera', role: 'viewer' },
  ]);
  it('knows each token by its bearer', () => {
    expect(check(token)).toEqual({ name: 'owner', role: 'admin' });
    expect(check('y'.repeat(43))).toEqual({ name: 'vera', role: 'viewer' });
  });
  it('refuses parts, extensions and nothing', () => {
    for (const wrong of ['', token.slice(1), `${token}x`, token.toUpperCase()]) expect(check(wrong)).toBeNull();
  });
  it('does not start with a token that could be guessed', () => {
    expect(() => tokenCheck([{ token: '', name: 'owner', role: 'admin' }])).toThrow('shorter than 16');
  });
});

describe('bearerToken', () => {
  it('reads the one form', () => {
    expect(bearerToken(`Bearer ${token}`)).toBe(token);
    expect(bearerToken(`bearer ${token}`)).toBe(token);
  });
  it('is null for every other form', () => {
    for (const other of [undefined, '', token, `Basic ${token}`, 'Bearer ', `Bearer ${token} more`, `Bearer  ${token}`, 'Bearer ä']) {
      expect(bearerToken(other)).toBeNull();
    }
  });
});

describe('roleSuffices', () => {
  it('includes the roles before', () => {
    expect(roleSuffices('operator', 'viewer')).toBe(true);
    expect(roleSuffices('viewer', 'operator')).toBe(false);
    expect(roleSuffices('viewer', 'viewer')).toBe(true);
  });
});
