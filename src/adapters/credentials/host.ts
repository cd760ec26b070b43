/** Where the model is and what opens it: the server's environment, then the credential store, then the Claude login of this machine. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { GluonError } from '../../contract/errors.ts';
import type { Credential, Credentials } from '../../ports/gateway.ts';

export interface HostCredentialOptions {
  /** The folder with `credentials.json`. */
  home: string;
  userHome: string;
  environment: Readonly<Record<string, string | undefined>>;
}

/** The vendor's own address: what `ANTHROPIC_BASE_URL` stands for when nobody sets it. */
const VENDOR_URL = 'https://api.anthropic.com';
/** A credentials file has a few hundred bytes; more is none. */
const MAX_BYTES = 1024 * 1024;
const OTHERS_MASK = 0o077;

const StoreFile = z.object({
  anthropic_api_key: z.string().min(1).optional(),
  anthropic_auth_token: z.string().min(1).optional(),
  claude_oauth_token: z.string().min(1).optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
});
type StoreFile = z.infer<typeof StoreFile>;

/** The shape in which Claude Code keeps its login: `{claudeAiOauth: {accessToken, expiresAt (epoch milliseconds)}}`. */
const LoginFile = z.object({ claudeAiOauth: z.object({ accessToken: z.string().min(1), expiresAt: z.number().optional() }).optional() });

export function hostCredentials(options: HostCredentialOptions): Credentials {
  const storePath = join(options.home, 'credentials.json');
  const loginPath = join(options.environment.CLAUDE_CONFIG_DIR || join(options.userHome, '.claude'), '.credentials.json');

  const all = async (): Promise<Credential[]> => [
    ...fromEnvironment(options.environment),
    ...fromStore(await readStore(storePath)),
    ...(await fromLogin(loginPath)),
  ];

  return {
    async current() {
      return (await all())[0] ?? null;
    },
    async baseUrl() {
      const own = options.environment.ANTHROPIC_BASE_URL || (await readStore(storePath))?.base_url || VENDOR_URL;
      if (!/^https?:\/\//.test(own))
        throw new GluonError('config_invalid', { path: 'ANTHROPIC_BASE_URL', why: 'it is no http or https address' });
      return own;
    },
    async secrets() {
      return (await all()).map((credential) => credential.value);
    },
  };
}

function fromEnvironment(environment: Readonly<Record<string, string | undefined>>): Credential[] {
  return [
    ...credential('api_key', environment.ANTHROPIC_API_KEY, 'ANTHROPIC_API_KEY'),
    ...credential('bearer', environment.ANTHROPIC_AUTH_TOKEN, 'ANTHROPIC_AUTH_TOKEN'),
    ...credential('oauth', environment.CLAUDE_CODE_OAUTH_TOKEN, 'CLAUDE_CODE_OAUTH_TOKEN'),
  ];
}

function fromStore(file: StoreFile | null): Credential[] {
  return [
    ...credential('api_key', file?.anthropic_api_key, 'credentials.json'),
    ...credential('bearer', file?.anthropic_auth_token, 'credentials.json'),
    ...credential('oauth', file?.claude_oauth_token, 'credentials.json'),
  ];
}

async function fromLogin(path: string): Promise<Credential[]> {
  const text = await readPrivate(path, false);
  const login = text === null ? null : LoginFile.safeParse(parseJson(text, path)).data?.claudeAiOauth;
  if (login == null) return [];
  return [{ kind: 'oauth', value: login.accessToken, source: 'the Claude login of this machine', expiresAtMs: login.expiresAt ?? null }];
}

function credential(kind: Credential['kind'], value: string | undefined, source: string): Credential[] {
  const trimmed = value?.trim() ?? '';
  return trimmed === '' ? [] : [{ kind, value: trimmed, source, expiresAtMs: null }];
}

async function readStore(path: string): Promise<StoreFile | null> {
  const text = await readPrivate(path, true);
  if (text === null) return null;
  const parsed = StoreFile.safeParse(parseJson(text, path));
  if (!parsed.success)
    throw new GluonError('config_invalid', {
      path,
      why: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    });
  return parsed.data;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The parser's message would quote the file, and with it the secret.
    throw new GluonError('config_invalid', { path, why: 'it is no JSON' }, { cause: cause instanceof Error ? cause.name : undefined });
  }
}

/** Null when there is no such file. Ours must be readable by nobody else; links are not followed there. */
async function readPrivate(path: string, ours: boolean): Promise<string | null> {
  try {
    const file = await open(path, constants.O_RDONLY | (ours ? constants.O_NOFOLLOW : 0));
    try {
      const facts = await file.stat();
      if (!facts.isFile() || facts.size > MAX_BYTES) throw new GluonError('config_invalid', { path, why: 'it is no ordinary small file' });
      if (ours && (facts.mode & OTHERS_MASK) !== 0)
        throw new GluonError('config_invalid', { path, why: 'others can read it; run chmod 600 on it' });
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    if (code === 'ELOOP') throw new GluonError('config_invalid', { path, why: 'it is a symbolic link' });
    throw error;
  }
}
