/** Projects and workspaces as the server has them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { GluonEvent } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { useTopic } from '../live/live.ts';

const READS: ReadonlySet<unknown> = new Set(['projects.list', 'projects.get', 'workspaces.list', 'branches.list', 'git.status']);

/** Everything that is read of projects, again. */
export function useRefreshProjects(): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ predicate: ({ queryKey }) => READS.has(queryKey[0]) });
}

/** While it is shown: what others change is seen. */
export function useFreshProjects(): void {
  const refresh = useRefreshProjects();
  useTopic('board', {
    message(type, data) {
      if (type === 'activity' && /^(project|workspace)\./.test((data as GluonEvent).type)) void refresh();
    },
    resync: () => void refresh(),
  });
}

export function useProjects() {
  const projects = useQuery(operationQuery('projects.list', {}));
  const workspaces = useQuery(operationQuery('workspaces.list', {}));
  const counts = useQuery(operationQuery('runs.counts', {}));
  return { projects, workspaces, counts };
}
