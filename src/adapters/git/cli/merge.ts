/** A run's change into its base branch: computed in the object store, landed by compare-and-swap, the checkout brought along when safe. */
import { GluonError } from '../../../contract/errors.ts';
import { pathToText } from '../../../core/git/path-text.ts';
import type { MergeOutcome } from '../../../ports/git.ts';
import { type CheckoutPlan, followCheckout, planCheckout } from './checkout-follow.ts';
import { checkedSha, isAncestor, refValue } from './commit-names.ts';
import { failureOf, splitNul } from './git-exec.ts';
import { LANDING, mendLandings } from './mend.ts';
import { identityEnv } from './person-settings.ts';
import type { GitContext, Repository } from './repository.ts';
import { changeRefs } from './run-refs.ts';
import type { ReadPerson } from './working-copy.ts';

export interface MergeSpec {
  projectPath: string;
  base: string;
  head: string;
  message: string;
  projectName: string;
}

/** Always a commit with both parents. Throws `base_not_found`. */
export async function mergeIntoBase(context: GitContext, readPerson: ReadPerson, spec: MergeSpec): Promise<MergeOutcome> {
  const repository = await context.open(spec.projectPath);
  const person = await readPerson(repository);
  return context.lock(repository.commonDir, async () => {
    await mendLandings(context, repository, async () => person);
    const ref = `refs/heads/${spec.base}`;
    const base = await refValue(context, repository, ref);
    if (base === null) throw new GluonError('base_not_found', { base: spec.base, project: spec.projectName });
    if (await isAncestor(context, repository, spec.head, base)) return { kind: 'nothing' };
    const merged = await mergeTrees(context, repository, base, checkedSha(spec.head));
    if ('conflicts' in merged) return { kind: 'conflict', files: merged.conflicts };
    const commit = await context.git.text({
      ...repository.content,
      writes: true,
      args: ['commit-tree', '-p', base, '-p', spec.head, merged.tree],
      input: spec.message,
      env: identityEnv(person),
    });
    const plan: CheckoutPlan = await planCheckout(context, repository, person.settings, { branch: spec.base, from: base, to: commit });
    // Together with the branch: where the checkout was, so that a start after a crash can still bring it along.
    const note = { ref: `${LANDING}${spec.base}`, to: base };
    const changes = [{ ref, to: commit, from: base }, ...(plan.kind === 'follow' ? [note] : [])];
    if (!(await changeRefs(context, repository, changes, 'gluon: merge of a run'))) return { kind: 'base_moved' };
    await context.fault('landing.after-ref');
    const followed = await followCheckout(context, repository, person.settings, plan);
    if (plan.kind === 'follow') await changeRefs(context, repository, [{ ref: note.ref, to: null }], 'gluon: landed');
    return { kind: 'merged', commit, ...followed };
  });
}

async function mergeTrees(
  context: GitContext,
  repository: Repository,
  base: string,
  head: string,
): Promise<{ tree: string } | { conflicts: string[] }> {
  const call = {
    ...repository.content,
    writes: true,
    args: ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', '--allow-unrelated-histories', base, head],
    timeoutMs: 300_000,
  };
  const end = await context.git.end(call);
  const [tree, ...files] = splitNul(end.stdout);
  if (end.exitCode === 0 && tree !== undefined) return { tree: tree.toString('latin1') };
  if (end.exitCode === 1) return { conflicts: [...new Set(files.map(pathToText))] };
  throw failureOf(call, end.stderr);
}
