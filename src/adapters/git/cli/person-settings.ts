/** The few settings of the person that count beyond their own terminal: who commits, what is ignored, how line ends are kept. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { splitNul } from './git-exec.ts';
import type { GitContext, Repository } from './repository.ts';

export interface PersonSettings {
  name: string;
  email: string;
  /** For `-c`, when git runs on the person's checkout without their global configuration. */
  settings: string[];
  /** What they ignore everywhere and in this repository beside its own .gitignore files. */
  excludes: string;
}

const WANTED = '^(user\\.(name|email)|core\\.(excludesfile|autocrlf|eol|safecrlf))$';
/** Patterns of what is ignored are small files; more is not read. */
const MAX_EXCLUDES = 256 * 1024;

/** Read anew on each use: a person may change them any time. Only values are read, nothing is run. */
export async function personSettings(
  context: GitContext,
  repository: Repository,
  env: Readonly<Record<string, string | undefined>>,
): Promise<PersonSettings> {
  const end = await context.git.end({
    ...repository.refs,
    rules: 'personal',
    args: ['config', '--null', '--type=path', '--get-regexp', WANTED],
  });
  const found = new Map<string, string>();
  for (const record of splitNul(end.stdout)) {
    const text = record.toString('utf8');
    const at = text.indexOf('\n');
    if (at > 0) found.set(text.slice(0, at), text.slice(at + 1));
  }
  const excludesFile = found.get('core.excludesfile') ?? defaultExcludes(env);
  const line = (text: string | undefined, otherwise: string) => text?.replace(/[\n<>\0]/g, ' ').trim() || otherwise;
  return {
    name: line(found.get('user.name'), 'Gluon'),
    email: line(found.get('user.email'), 'gluon@localhost'),
    settings: [
      ...(excludesFile === null ? [] : [`core.excludesFile=${excludesFile}`]),
      ...['autocrlf', 'eol', 'safecrlf'].flatMap((key) => {
        const value = found.get(`core.${key}`);
        return value === undefined ? [] : [`core.${key}=${value}`];
      }),
    ],
    excludes: [await readSmall(excludesFile), await readSmall(join(repository.commonDir, 'info', 'exclude'))].join('\n'),
  };
}

export function identityEnv(person: { name: string; email: string }): Record<string, string> {
  return {
    GIT_AUTHOR_NAME: person.name,
    GIT_AUTHOR_EMAIL: person.email,
    GIT_COMMITTER_NAME: person.name,
    GIT_COMMITTER_EMAIL: person.email,
  };
}

function defaultExcludes(env: Readonly<Record<string, string | undefined>>): string | null {
  if (env.XDG_CONFIG_HOME) return join(env.XDG_CONFIG_HOME, 'git', 'ignore');
  return env.HOME ? join(env.HOME, '.config', 'git', 'ignore') : null;
}

async function readSmall(path: string | null): Promise<string> {
  // A list that is not there ignores nothing.
  const text = path === null ? '' : await readFile(path, 'utf8').catch(() => '');
  return text.length > MAX_EXCLUDES ? '' : text;
}
