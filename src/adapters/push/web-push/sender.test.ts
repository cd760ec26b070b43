import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browser, type PushService, startPushService, vapidClaims } from '../../../../test/support/push-service.ts';
import { systemClock } from '../../system/clock.ts';
import { webPushSender } from './sender.ts';

const ENDPOINT = 'https://push.example.org/send/abc';
let folder: string;
let service: PushService;
let resolved: string[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gluon-push-'));
  service = await startPushService();
  resolved = [];
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true, force: true });
});

const sender = (addresses: Record<string, string[]> = { 'push.example.org': ['93.184.216.34'] }) =>
  webPushSender({
    keyFile: join(folder, 'push.json'),
    contact: () => 'mailto:ops@example.org',
    clock: systemClock(),
    resolve: async (host) => {
      resolved.push(host);
      const found = addresses[host];
      if (found === undefined) throw Object.assign(new Error('unknown'), { code: 'ENOTFOUND' });
      return found;
    },
    agent: service.agent,
  });

describe('a notification', () => {
  it('reaches its browser, readable by it alone, signed by this home', async () => {
    const push = await sender();
    const [mine, other] = [browser(ENDPOINT), browser(ENDPOINT)];
    expect(await push.send(mine.target, '{"title":"Review: Füße"}', 60)).toEqual({ kind: 'sent' });
    const [message] = service.arrived;
    expect(message?.path).toBe('/send/abc');
    expect(message?.headers).toMatchObject({ ttl: '60', urgency: 'high', 'content-encoding': 'aes128gcm', host: 'push.example.org' });
    expect(mine.read(message?.body ?? Buffer.alloc(0))).toBe('{"title":"Review: Füße"}');
    expect(() => other.read(message?.body ?? Buffer.alloc(0))).toThrow();
    expect(message?.body.includes('Review')).toBe(false);
    const { publicKey, claims } = vapidClaims(message?.headers.authorization);
    expect(publicKey).toBe(push.publicKey());
    expect(claims).toMatchObject({ aud: 'https://push.example.org', sub: 'mailto:ops@example.org' });
  });

  it('ends as the service says', async () => {
    const push = await sender();
    const { target } = browser(ENDPOINT);
    const ends = [];
    const statuses = [200, 202, 404, 410, 400, 403, 413, 301, 429, 500, 503];
    service.answers.push(...statuses.map((status) => ({ status, headers: { 'retry-after': '7', location: 'http://127.0.0.1/' } })));
    for (const _ of statuses) ends.push((await push.send(target, 'x', 60)).kind);
    const later = ['later', 'later', 'later'];
    expect(ends).toEqual(['sent', 'sent', 'gone', 'gone', 'refused', 'refused', 'refused', 'refused', ...later]);
    service.answers.push({ status: 429, headers: { 'retry-after': '7' } }, { status: 503, headers: { 'retry-after': '99999999' } });
    expect(await push.send(target, 'x', 60)).toMatchObject({ kind: 'later', afterMs: 7_000 });
    expect(await push.send(target, 'x', 60)).toMatchObject({ kind: 'later', afterMs: 3_600_000 });
    expect(service.arrived).toHaveLength(statuses.length + 2);
  });

  it('waits when the service cannot be reached', async () => {
    const push = await sender();
    await service.close();
    expect(await push.send(browser(ENDPOINT).target, 'x', 60)).toMatchObject({ kind: 'later' });
    expect(await push.send(browser('https://unknown.example.org/').target, 'x', 60)).toMatchObject({ kind: 'later' });
    service = await startPushService();
  });
});

describe('an endpoint', () => {
  const BAD: [string, string][] = [
    'http://push.example.org/',
    'https://push.example.org:8443/',
    'https://user@push.example.org/',
    'https://localhost/',
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://10.1.2.3/',
    'https://internal/',
    'https://inside.example.org/',
    'https://mixed.example.org/',
    'https://six.example.org/',
    'ftp://push.example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'not an address',
  ].map((endpoint) => [endpoint, endpoint]);
  const names = {
    'push.example.org': ['93.184.216.34'],
    'inside.example.org': ['192.168.1.1'],
    'mixed.example.org': ['93.184.216.34', '127.0.0.1'],
    'six.example.org': ['fd00::1'],
  };

  it.each(BAD)('is refused, and nothing is sent there: %s', async (_, endpoint) => {
    const push = await sender(names);
    const { target } = browser(endpoint);
    expect(await push.problem(target)).not.toBeNull();
    expect((await push.send(target, 'x', 60)).kind).toBe('refused');
    expect(service.arrived).toEqual([]);
  });

  it('is looked at again for every message: a name that moves inside is refused from then on', async () => {
    const moving: Record<string, string[]> = { 'push.example.org': ['93.184.216.34'] };
    const push = await sender(moving);
    const { target } = browser(ENDPOINT);
    expect(await push.problem(target)).toBeNull();
    expect((await push.send(target, 'x', 60)).kind).toBe('sent');
    moving['push.example.org'] = ['10.0.0.1'];
    expect((await push.send(target, 'x', 60)).kind).toBe('refused');
    expect(service.arrived).toHaveLength(1);
  });

  it('needs keys that are keys', async () => {
    const push = await sender();
    const { target } = browser(ENDPOINT);
    expect(await push.problem(target)).toBeNull();
    for (const wrong of [{ p256dh: 'AAAA' }, { p256dh: target.auth }, { auth: 'AAAA' }, { auth: target.p256dh }])
      expect(await push.problem({ ...target, ...wrong })).not.toBeNull();
    const offCurve = Buffer.concat([Buffer.from([4]), Buffer.alloc(64, 1)]).toString('base64url');
    expect((await push.send({ ...target, p256dh: offCurve }, 'x', 60)).kind).toBe('refused');
  });
});

describe('the keys', () => {
  it('are made once, for the owner alone, and made anew of a damaged file', async () => {
    const first = (await sender()).publicKey();
    expect(statSync(join(folder, 'push.json')).mode & 0o777).toBe(0o600);
    expect((await sender()).publicKey()).toBe(first);
    const whole = readFileSync(join(folder, 'push.json'), 'utf8');
    for (const damaged of ['', whole.slice(0, 40), '{"publicKey":"x","privateKey":"y"}', 'null']) {
      writeFileSync(join(folder, 'push.json'), damaged);
      expect((await sender()).publicKey()).not.toBe(first);
    }
  });
});
