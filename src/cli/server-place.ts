/** Where the server of a home is, and the token that it takes. */
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { GluonError } from '../contract/errors.ts';
import type { CliIo } from './io.ts';

export interface ServerPlace {
  readonly port: number;
  readonly address: string;
  /** Empty when the home has none yet. */
  readonly token: string;
}

type HomeIo = Pick<CliIo, 'environment' | 'userHome' | 'cwd'>;

/** `$GLUON_HOME`, else `~/.gluon`. */
export function homeFolder(io: HomeIo): string {
  const given = io.environment.GLUON_HOME;
  return given === undefined || given === '' ? join(io.userHome, '.gluon') : resolve(io.cwd, given);
}

function loopbackAddress(port: number): string {
  return `http://127.0.0.1:${port}`;
}

/**
 * A port that the person named (GLUON_PORT), else the one that the server wrote into its home, if that server lives. No port is guessed: the
 * token goes only to a place that the home or the person names.
 */
export async function findServer(io: HomeIo & Pick<CliIo, 'processIsOurs'>): Promise<ServerPlace | null> {
  const home = homeFolder(io);
  const port = namedPort(io) ?? (await portOfHome(home, io));
  return port === null ? null : { port, address: loopbackAddress(port), token: await readToken(home) };
}

/** The port of GLUON_PORT; null when none is named. 0 means "any free one" and names none. Throws `setting_invalid`. */
function namedPort(io: Pick<HomeIo, 'environment'>): number | null {
  const named = io.environment.GLUON_PORT ?? '';
  const port = Number(named);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port === 0 ? null : port;
  throw new GluonError('setting_invalid', { key: 'port', why: `GLUON_PORT is "${named}", which is no port` });
}

/** The token of the home; empty when there is none. */
export async function readToken(home: string): Promise<string> {
  return ((await readIfThere(join(home, 'token'))) ?? '').trim();
}

/** Whether a server says that it uses the home. */
export async function namesServer(home: string): Promise<boolean> {
  return (await readIfThere(join(home, 'server.json'))) !== null;
}

async function portOfHome(home: string, io: Pick<CliIo, 'processIsOurs'>): Promise<number | null> {
  const text = await readIfThere(join(home, 'server.json'));
  if (text === null) return null;
  const { pid, port } = parseObject(text);
  if (typeof pid !== 'number' || typeof port !== 'number' || !io.processIsOurs(pid)) return null;
  return port;
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // A file that cannot be read says as much as none: no server is known.
    return {};
  }
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
