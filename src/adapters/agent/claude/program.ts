/** Finds the vendor's SDK and the program that comes with it. Neither is part of Gluon: both may be absent. */
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { GluonError } from '../../../contract/errors.ts';

export type Sdk = typeof import('@anthropic-ai/claude-agent-sdk');

export interface ClaudeProgram {
  path: string;
  version: string;
}

const PACKAGE = '@anthropic-ai/claude-agent-sdk';

/** Only when an agent really starts: loading takes a while and most commands never need it. Throws `agent_missing`. */
export async function loadSdk(): Promise<Sdk> {
  try {
    return await import('@anthropic-ai/claude-agent-sdk');
  } catch (error) {
    throw missing(`the package ${PACKAGE} cannot be loaded (${error instanceof Error ? error.message.split('\n')[0] : String(error)})`);
  }
}

/** The program of this platform: the GNU build before the musl one, as the SDK does. Throws `agent_missing`. */
export async function findProgram(resolve: (id: string) => string = createRequire(import.meta.url).resolve): Promise<ClaudeProgram> {
  const platform = `${process.platform}-${process.arch}`;
  const manifest = resolved(resolve, `${PACKAGE}/package.json`) ?? resolvedMain(resolve);
  if (manifest === null) throw missing(`the package ${PACKAGE} is not installed`);
  const version = versionIn(await readFile(manifest, 'utf8'));
  for (const name of [`${PACKAGE}-${platform}`, `${PACKAGE}-${platform}-musl`]) {
    const path = resolved(resolve, `${name}/claude`);
    if (path !== null && (await isExecutable(path))) return { path, version };
  }
  throw missing(`the program for ${platform} is not installed (an optional package of ${PACKAGE})`);
}

/** The package may not export its manifest; it lies beside the main file. */
function resolvedMain(resolve: (id: string) => string): string | null {
  const main = resolved(resolve, PACKAGE);
  return main === null ? null : join(dirname(main), 'package.json');
}

function resolved(resolve: (id: string) => string, id: string): string | null {
  try {
    return resolve(id);
  } catch {
    // Not installed is an answer here, not a fault.
    return null;
  }
}

function versionIn(manifest: string): string {
  const fields = JSON.parse(manifest) as { claudeCodeVersion?: unknown; version?: unknown };
  return String(fields.claudeCodeVersion ?? fields.version ?? 'unknown');
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function missing(why: string): GluonError {
  return new GluonError('agent_missing', { agent: 'claude', why });
}
