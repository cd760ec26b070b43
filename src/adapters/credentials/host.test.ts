import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostCredentials } from './host.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gluon-credentials-'));
  await mkdir(join(folder, '.claude'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const from = (environment: Record<string, string> = {}) => hostCredentials({ home: folder, userHome: folder, environment });
const store = (content: string, mode = 0o600) => writeFile(join(folder, 'credentials.json'), content, { mode });
const login = (content: object) => writeFile(join(folder, '.claude', '.credentials.json'), JSON.stringify(content));

describe('credentials', () => {
  it('there may be none', async () => {
    expect(await from().current()).toBeNull();
    expect(await from().secrets()).toEqual([]);
    expect(await from().baseUrl()).toMatch(/^https:/);
  });

  it('the environment wins over the store, the store over the login; all of them are secrets', async () => {
    await store('{"anthropic_auth_token":"from-store","base_url":"http://127.0.0.1:9"}');
    await login({ claudeAiOauth: { accessToken: 'from-login', expiresAt: 1_800_000_000_000 } });
    expect(await from({ ANTHROPIC_API_KEY: ' from-env ' }).current()).toMatchObject({
      kind: 'api_key',
      value: 'from-env',
      source: 'ANTHROPIC_API_KEY',
    });
    expect(await from().current()).toMatchObject({ kind: 'bearer', value: 'from-store', source: 'credentials.json' });
    expect(await from({ ANTHROPIC_API_KEY: 'from-env' }).secrets()).toEqual(['from-env', 'from-store', 'from-login']);
    expect(await from().baseUrl()).toBe('http://127.0.0.1:9');
    expect(await from({ ANTHROPIC_BASE_URL: 'http://127.0.0.1:8/x' }).baseUrl()).toBe('http://127.0.0.1:8/x');
  });

  it('the login is read on each use, with its expiry', async () => {
    const credentials = from();
    await login({ claudeAiOauth: { accessToken: 'one', expiresAt: 5 } });
    expect(await credentials.current()).toMatchObject({ kind: 'oauth', value: 'one', expiresAtMs: 5 });
    await login({ claudeAiOauth: { accessToken: 'two' } });
    expect(await credentials.current()).toMatchObject({ value: 'two', expiresAtMs: null });
  });

  it('a store that others can read is refused', async () => {
    await store('{"anthropic_api_key":"x"}', 0o644);
    await expect(from().current()).rejects.toThrow('others can read it');
  });

  it('a store that is a link is refused', async () => {
    await writeFile(join(folder, 'elsewhere'), '{"anthropic_api_key":"x"}', { mode: 0o600 });
    await symlink(join(folder, 'elsewhere'), join(folder, 'credentials.json'));
    await expect(from().current()).rejects.toThrow('symbolic link');
  });

  it('a broken store names the fault and never quotes the secret', async () => {
    await store('{"anthropic_api_key":"sk-very-secret" oops');
    const error = await from()
      .current()
      .catch((one: unknown) => one);
    expect(String(error)).toContain('it is no JSON');
    expect(JSON.stringify([String(error), (error as Error).cause])).not.toContain('very-secret');
  });

  it('an address that is none is refused', async () => {
    await expect(from({ ANTHROPIC_BASE_URL: 'unix:/x' }).baseUrl()).rejects.toThrow('no http or https address');
  });
});
