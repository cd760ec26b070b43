/** Names that one parser reads in one way and another in another. Control: the honest name beside them passes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPublicAddress } from '../../../src/core/net/address.ts';
import { judgeEgress, parseAuthority, parseEgressName } from '../../../src/core/net/egress-rule.ts';
import { canonicalHost } from '../../../src/core/net/host-name.ts';

const RULES = ['allowed.example', '*.wild.example', 'port.example:8443'];

/** What a client asks for; each must be refused. */
const TRICKS = [
  'evil.example:443',
  'allowed.example.evil.example:443',
  'evilallowed.example:443',
  'allowed.example@evil.example:443',
  'user:password@allowed.example:443',
  'evil.example\0.allowed.example:443',
  'evil.example%00.allowed.example:443',
  'evil.example\\.allowed.example:443',
  'evil.example/.allowed.example:443',
  'evil.example#.allowed.example:443',
  'evil.example?.allowed.example:443',
  'evil.example:443:allowed.example:443',
  ' allowed.example:443',
  'allowed.example :443',
  'allowed.example:443 ',
  'allowed.example\r\nHost: evil.example:443',
  'allowed.example\t:443',
  'allowed.example..:443',
  '.allowed.example:443',
  'allowed..example:443',
  '-allowed.example:443',
  'allowed-.example:443',
  'allowed_.example:443',
  'allowed.example:0',
  'allowed.example:65536',
  'allowed.example:443443',
  'allowed.example:-1',
  'allowed.example:0x1bb',
  'allowed.example:',
  'allowed.example',
  'allowed.example:22',
  'allowed.example:8443',
  'wild.example:443',
  'evilwild.example:443',
  '.wild.example:443',
  'port.example:443',
  'localhost:443',
  'allowed:443',
  '127.0.0.1:443',
  '127.1:443',
  '2130706433:443',
  '0x7f000001:443',
  '0x7f.0.0.1:443',
  '0177.0.0.1:443',
  '127.0.0.1.:443',
  '1.2.3.4:443',
  '8.8.8.8:443',
  '[::1]:443',
  '[::ffff:127.0.0.1]:443',
  '::1:443',
  '[allowed.example]:443',
  '[fe80::1%25lo]:443',
  '①②⑦.0.0.1:443',
  'аllowed.example:443',
  'allowed.example\u200b.evil.example:443',
  'allowed\u00ad.example.evil.example:443',
  'evil.example。allowed.example.evil:443',
  `${'a'.repeat(64)}.wild.example:443`,
  `${'a.'.repeat(130)}wild.example:443`,
  '*.wild.example:443',
  '',
];
const HONEST = [
  'allowed.example:443',
  'allowed.example:80',
  'ALLOWED.Example:443',
  'allowed.example.:443',
  'a.wild.example:443',
  'a.b.wild.example:443',
  'port.example:8443',
];

const judged = (text: string, rules: readonly string[] | null): boolean => {
  const target = parseAuthority(text, null);
  return target !== null && judgeEgress(target, rules).allowed;
};

describe('a list of names', () => {
  it.each(TRICKS)('does not let through %j', (text) => expect(judged(text, RULES)).toBe(false));
  it.each(HONEST)('lets through %j', (text) => expect(judged(text, RULES)).toBe(true));
  it('that is empty lets nothing through', () => {
    for (const text of [...HONEST, ...TRICKS]) expect(judged(text, [])).toBe(false);
  });
  it('is not widened by a full-width spelling, which is the same name', () => {
    expect(parseAuthority('ａｌｌｏｗｅｄ.example:443', null)?.host).toBe('allowed.example');
  });
});

describe('the policy for everything', () => {
  it.each(['10.0.0.1:443', '127.0.0.1:80', '169.254.169.254:80', '[::1]:443', '[fd00::1]:443', 'evil.example:22', 'localhost:80'])(
    'still refuses %j',
    (text) => expect(judged(text, null)).toBe(false),
  );
  it.each(['evil.example:443', '8.8.8.8:443', '[2606:4700::1111]:443'])('lets through %j', (text) => expect(judged(text, null)).toBe(true));
});

describe('addresses', () => {
  const PRIVATE = [
    '0.0.0.0',
    '0.1.2.3',
    '10.255.0.1',
    '100.64.0.1',
    '100.127.255.255',
    '127.0.0.1',
    '127.255.255.254',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.19.255.255',
    '198.51.100.1',
    '203.0.113.9',
    '224.0.0.1',
    '239.255.255.255',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:8.8.8.8',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    '100::1',
    'fc00::1',
    'fd12:3456::1',
    'fe80::1',
    'fec0::1',
    'ff02::1',
    '2001:db8::1',
    '2001:0:1::1',
    '2002:7f00:1::',
    '3fff::1',
    '5f00::1',
    '01.2.3.4',
    '1.2.3',
    '1.2.3.4.5',
    '0x7f.0.0.1',
    '1::2::3',
    'g::1',
    '12345::1',
    '',
    'example.org',
  ];
  it.each(PRIVATE)('%j is not public', (text) => expect(isPublicAddress(text)).toBe(false));
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '2606:4700::1111',
    '2001:4860:4860::8888',
    '2a00::1',
  ])('%j is public', (text) => expect(isPublicAddress(text)).toBe(true));
});

describe('spellings', () => {
  it('have one canonical form', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60, unit: 'binary' }), (text) => {
        const name = canonicalHost(text);
        if (name === null) return;
        expect(canonicalHost(name)).toBe(name);
        expect(name).toMatch(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
        expect(name.split('.').length).toBeGreaterThan(1);
      }),
    );
  });
  it('of rules are canonical too', () => {
    fc.assert(
      fc.property(fc.domain(), (domain) => {
        const rule = parseEgressName(domain.toUpperCase());
        return rule !== null && parseEgressName(rule) === rule && judged(`${domain}:443`, [rule]);
      }),
    );
  });
  it.each([
    '*',
    '*.',
    '*.*',
    '*.com*',
    'a*.example.org',
    '*.*.example.org',
    'http://example.org',
    'example.org/x',
    'localhost',
    '10.0.0.1',
    '*.1',
    'example.org:99999',
    '',
  ])('%j is no rule', (text) => expect(parseEgressName(text)).toBe(null));
  it.each([
    ['Example.ORG.', 'example.org'],
    ['*.Example.org', '*.example.org'],
    ['example.org:08443', 'example.org:8443'],
    ['bücher.example', 'xn--bcher-kva.example'],
  ])('%j is the rule %j', (text, rule) => expect(parseEgressName(text)).toBe(rule));
});
