import type { Run } from '../../../src/contract/resources.ts';

/** Commits of a run, each with its own diff. Fills its parent, which gives it a height. */
export function CommitsTab({ run }: { readonly run: Run }) {
  return <p>{run.commit_count} commits</p>;
}
