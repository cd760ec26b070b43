/** What a crash left half-done in a project, brought to its end at the next start. */
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { filtersMatter, followCheckout, UNDER_WAY } from './checkout-follow.ts';
import { refValue } from './commit-names.ts';
import { currentBranch } from './inspect.ts';
import type { PersonSettings } from './person-settings.ts';
import { clearReceived } from './receive.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs, refsBelow } from './run-refs.ts';
import type { ReadPerson } from './working-copy.ts';

/** `refs/gluon/landing/<branch>`: the branch has moved on from that commit, and the checkout that shows it was about to follow. */
export const LANDING = 'refs/gluon/landing/';

/** Gives sentences on what was mended. Only at a start: while a server works, these things are merely under way. */
export async function mend(context: GitContext, readPerson: ReadPerson, projectPath: string): Promise<string[]> {
  const repository = await context.open(projectPath);
  await clearReceived(context, repository);
  for (const name of await readdir(context.stateFolder))
    if (name.startsWith('index-')) await rm(join(context.stateFolder, name), { recursive: true, force: true });
  return context.lock(repository.commonDir, () => mendLandings(context, repository, () => readPerson(repository)));
}

/** The caller holds the lock of the repository. */
export async function mendLandings(
  context: GitContext,
  repository: Repository,
  readPerson: () => Promise<PersonSettings>,
): Promise<string[]> {
  const sentences: string[] = [];
  for (const { ref, commit: from } of await refsBelow(context, repository, LANDING)) {
    const branch = ref.slice(LANDING.length);
    const person = await readPerson();
    const to = await refValue(context, repository, `refs/heads/${branch}`);
    if (to !== null && (await showsStill(context, repository, person, { branch, from, to }))) {
      const { sentence } = await followCheckout(context, repository, person.settings, { kind: 'follow', from, to, others: [] });
      sentences.push(`The checkout had not followed a merge into ${branch}. ${sentence}`);
    }
    await changeRefs(context, repository, [{ ref, to: null }], 'gluon: landed');
  }
  return sentences;
}

/** True when the checkout is exactly as it was before the branch moved: whatever a person did since is theirs. */
async function showsStill(
  context: GitContext,
  repository: Repository,
  person: PersonSettings,
  move: { branch: string; from: string; to: string },
): Promise<boolean> {
  if ((await currentBranch(context, repository)) !== move.branch) return false;
  if (UNDER_WAY.some((name) => existsSync(join(repository.gitDir, name)))) return false;
  if (await filtersMatter(context, repository, move)) return false;
  const call = { ...repository.checkout, settings: person.settings, cwd: repository.top };
  await context.git.end({ ...call, writes: true, args: ['update-index', '-q', '--refresh'] });
  const index = await context.git.end({ ...call, args: ['diff-index', '--cached', '--quiet', '--ignore-submodules=all', move.from] });
  const files = await context.git.end({ ...call, args: ['diff-files', '--quiet', '--ignore-submodules=all'] });
  return index.exitCode === 0 && files.exitCode === 0;
}
