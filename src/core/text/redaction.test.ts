import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, redactor } from './redaction.ts';
import { secretForms } from './secret-forms.ts';

const SECRET = 'c4nary/"value"+for å test?';

/** Put together here, so that no scanner takes this file for a leak. */
const join = (...parts: string[]): string => parts.join('');
const SHAPES: [string, string][] = [
  ['Anthropic key', join('sk-', 'ant-api03-AbCdEfGhIjKlMnOpQrStUvWxYz')],
  ['Anthropic OAuth token', join('sk-', 'ant-oat01-AbCdEfGhIjKlMnOpQrStUvWxYz')],
  ['OpenAI key', join('sk-', 'proj-AbCdEfGhIjKlMnOpQrStUvWxYz')],
  ['Stripe key', join('sk_', 'live_AbCdEfGhIjKlMnOpQrSt')],
  ['GitHub token', join('gh', 'p_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789')],
  ['GitHub app token', join('gh', 's_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789')],
  ['GitHub fine-grained token', join('github', '_pat_AbCdEfGhIjKlMnOpQrStUvWxYz')],
  ['GitLab token', join('gl', 'pat-AbCdEfGhIjKlMnOpQrSt')],
  ['npm token', join('npm', '_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789')],
  ['PyPI token', join('pypi', '-AgEIcHlwaS5vcmcCJDAwMDAwMDAwLTAwMDAtMDAwMC0wMDAw')],
  ['Hugging Face token', join('hf', '_AbCdEfGhIjKlMnOpQrStUvWxYz012345')],
  ['AWS key id', join('AK', 'IAABCDEFGHIJKLMNOP')],
  ['AWS secret', join('aws_secret', '_access_key=AbCdEfGhIjKlMnOpQrStUvWxYz0123456789+/Ab')],
  ['Google key', join('AI', 'zaAbCdEfGhIjKlMnOpQrStUvWxYz012345678')],
  ['Slack token', join('xox', 'b-123456789012-AbCdEfGhIjKl')],
  ['SendGrid key', join('SG', '.AbCdEfGhIjKlMnOpQrStUv.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdefg')],
  ['Telegram token', join('12345', '67890:AbCdEfGhIjKlMnOpQrStUvWxYz012345678')],
  ['JSON web token', join('ey', 'JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.AbCdEfGhIjKlMnOp')],
];
const PEM = ['-----BEGIN RSA PRIVATE KEY-----', 'MIIEpAIBAAKCAQEA', 'AbCdEfGhIjKlMnOp==', '-----END RSA PRIVATE KEY-----'];

describe('redactor (threat 39)', () => {
  it.each(secretForms(SECRET).map((form) => [form]))('takes out a known value as %s', (form) => {
    const { redact } = redactor([SECRET]);
    expect(redact(`before ${form} after`)).toBe(`before ${REDACTED} after`);
    // The control: without the value it stays.
    expect(redactor(['another value']).redact(`before ${form} after`)).toContain(form);
  });

  it('takes out a known value inside base64 of more', () => {
    for (const user of ['u', 'us', 'use', 'user']) {
      const header = Buffer.from(`${user}:${SECRET}:tail`).toString('base64');
      const shown = redactor([SECRET]).redact(header);
      expect(shown).toContain(REDACTED);
      expect(Buffer.from(shown.replace(REDACTED, ''), 'base64').toString()).not.toContain('c4nary');
    }
  });

  it.each(SHAPES)('takes out a %s that nobody told it about', (_name, token) => {
    const { redact } = redactor([]);
    for (const text of [token, `x=${token}\n`, `"${token}"`, `https://host/?k=${token}&a=b`]) {
      expect(redact(text)).toContain(REDACTED);
      expect(redact(text)).not.toContain(token.slice(-12));
    }
  });

  it('takes out headers, passwords in URLs and private keys', () => {
    const { redact } = redactor([]);
    expect(redact('Authorization: Bearer abcdefghijklmnop1234')).toBe(`Authorization: Bearer ${REDACTED}`);
    expect(redact('Authorization: Basic dXNlcjpwYXNzd29yZDEyMw==')).toBe(`Authorization: Basic ${REDACTED}`);
    expect(redact('postgres://user:hunter2!@host/db')).toBe(`postgres://user:${REDACTED}@host/db`);
    expect(redact(`a ${PEM.join('\n')} b`)).toBe(`a ${REDACTED} b`);
    expect(redact(JSON.stringify({ key: PEM.join('\n') }))).toBe(`{"key":"${REDACTED}"}`);
    expect(redact(`${PEM.slice(0, 2).join('\n')}`)).toBe(REDACTED);
  });

  it('leaves ordinary text, short values and itself alone', () => {
    const { redact } = redactor(['short', 'long enough value']);
    const text = 'short words, sk-ip this, https://host:8080/a@b, eyJ.a.b, ghp_short, Bearer of news, 2024-01-01T00:00:00Z\n';
    expect(redact(text)).toBe(text);
    const once = redact('a long enough value in Bearer abcdefghijklmnop1234');
    expect(redact(once)).toBe(once);
  });

  it('finds values that begin like each other, and values that overlap', () => {
    const { redact } = redactor(['aaaaaaaab', 'aaaaaaaac', 'aacdefghij']);
    expect(redact('aaaaaaaaaaaaac')).toBe(`aaaaa${REDACTED}`);
    expect(redact('xaaaaaaaacdefghijx')).toBe(`x${REDACTED}x`);
  });
});

describe('stream', () => {
  const pieces = fc.array(
    fc.oneof(
      fc.constantFrom(SECRET, ...secretForms(SECRET), ...SHAPES.map(([, token]) => token), PEM.join('\n'), 'Bearer ', ' ', '\n', 'word '),
      fc.string({ maxLength: 6 }),
    ),
    { maxLength: 12 },
  );

  it('gives what redacting the whole gives, wherever the text is cut', () => {
    fc.assert(
      fc.property(pieces, fc.array(fc.nat(800), { maxLength: 12 }), (parts, cuts) => {
        const text = parts.join('');
        const { redact, stream } = redactor([SECRET]);
        const places = [0, ...cuts.map((cut) => Math.min(cut, text.length)).sort((one, other) => one - other), text.length];
        const flow = stream();
        let out = '';
        for (let index = 1; index < places.length; index += 1) out += flow.push(text.slice(places[index - 1], places[index]));
        expect(out + flow.end()).toBe(redact(text));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps a token with the word that announces it when a known value is glued to it', () => {
    const flow = redactor([SECRET]).stream();
    const token = 'abcdefghijklmnop1234';
    const out = flow.push(`Bearer ${token}${SECRET}`) + flow.end();
    expect(out).toBe(redactor([SECRET]).redact(`Bearer ${token}${SECRET}`));
    expect(out).not.toContain(token);
  });

  it('holds back a bounded end, even of a token without end', () => {
    const flow = redactor([SECRET]).stream();
    let held = 0;
    let out = flow.push(`start ${SHAPES[0]?.[1] ?? ''}`);
    let given = out.length;
    for (let index = 0; index < 2000; index += 1) {
      const piece = flow.push('A'.repeat(100));
      out += piece;
      given += 100;
      held = Math.max(held, given - out.length);
    }
    out += flow.push(' and then text') + flow.end();
    expect(out).toBe(`start ${REDACTED} and then text`);
    const plain = redactor([]).stream();
    let behind = 0;
    for (let index = 1; index <= 100; index += 1) {
      behind += 1000 - plain.push('.'.repeat(1000)).length;
      expect(behind).toBeLessThan(20_000);
    }
  });

  it('gives text out word by word', () => {
    const flow = redactor([SECRET]).stream();
    expect(flow.push('Hello wor')).toBe('Hello ');
    expect(flow.push('ld, all')).toBe('world, ');
    expect(flow.end()).toBe('all');
  });
});

describe('time (threat 47)', () => {
  const hostile = [
    'a',
    'eyJ',
    'eyJaaaaaaaa.',
    '-----BEGIN PRIVATE KEY-----',
    '://a:',
    'sk-',
    'Bearer ',
    'xoxb-',
    '0123456789:',
    'c4nary/',
    '\\n',
    'AKIA',
    'SG.aaaaaaaaaaaaaaaaaaaa',
  ];
  it.each(hostile)('takes four times as long for four times as much of %j, not sixteen times', (unit) => {
    const { redact } = redactor([SECRET, 'another value of some length']);
    const text = unit.repeat(Math.ceil(2_000_000 / unit.length));
    // Time of the processor, the best of some: the machine may have other work.
    const best = (length: number): number => {
      const part = text.slice(0, length);
      const times = [1, 2, 3, 4, 5].map(() => {
        const before = process.cpuUsage();
        redact(part);
        const { user, system } = process.cpuUsage(before);
        return user + system;
      });
      return Math.min(...times);
    };
    expect(best(2_000_000) / best(500_000)).toBeLessThan(10);
  });

  it('takes 10 MB of one token without a deep stack', () => {
    expect(redactor([SECRET]).redact(`x=${'sk-'.repeat(3_400_000)}`)).toBe(`x=${REDACTED}`);
  });
});
