import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { Select } from '../ui/field.tsx';
import { sentenceOf } from '../ui/problem.tsx';
import { visibleName } from './diff/visible-text.ts';

/** As many as one answer of the server holds. */
const MOST = 500;

/** Commits of a run, newest first; read anew when its head moves. */
export function useCommits(run: Run) {
  return useQuery({
    queryKey: ['runs.commits', run.id, run.base_commit, run.head_commit],
    queryFn: ({ signal }) => call('runs.commits', { run: run.id, limit: MOST }, { signal }),
  });
}

/** Chooses one commit of the run. */
export function CommitPicker({ run, sha, onPick }: { readonly run: Run; readonly sha: string; readonly onPick: (sha: string) => void }) {
  const { data, error } = useCommits(run);
  if (error !== null) return <span className="text-small text-failed-fg">{sentenceOf(error)}</span>;
  return (
    <Select aria-label="Commit" value={sha} onChange={(event) => onPick(event.target.value)} className="max-w-80 text-small">
      {(data?.items ?? []).map((commit) => (
        <option key={commit.sha} value={commit.sha}>
          {commit.sha.slice(0, 7)} {visibleName(commit.subject)}
        </option>
      ))}
    </Select>
  );
}
