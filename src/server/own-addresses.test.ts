import { describe, expect, it } from 'vitest';
import { asciiLowerCase, ownAddresses } from './own-addresses.ts';

describe('ownAddresses', () => {
  it('knows loopback with its port only', () => {
    const { hosts, origins } = ownAddresses(45866, []);
    expect([...hosts]).toEqual(['127.0.0.1:45866', 'localhost:45866', '[::1]:45866']);
    expect([...origins]).toEqual(['http://127.0.0.1:45866', 'http://localhost:45866', 'http://[::1]:45866']);
  });

  it('leaves the default port out where a browser does', () => {
    const { hosts, origins } = ownAddresses(80, ['gluon.example.org:443']);
    expect(hosts.has('localhost')).toBe(true);
    expect(origins.has('http://localhost')).toBe(true);
    expect(origins.has('https://gluon.example.org')).toBe(true);
    expect(origins.has('https://gluon.example.org:443')).toBe(false);
  });

  it('takes further hosts in lower case', () => {
    expect(ownAddresses(1, ['Gluon.Example.org']).hosts.has('gluon.example.org')).toBe(true);
  });
});

describe('asciiLowerCase', () => {
  it('leaves letters outside ASCII alone', () => {
    expect(asciiLowerCase('LOCALHOST:1')).toBe('localhost:1');
    expect(asciiLowerCase('\u212a')).toBe('\u212a');
  });
});
