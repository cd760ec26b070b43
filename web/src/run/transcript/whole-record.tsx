/** Records that a window shows cut: the whole of one is read when somebody asks for it. */
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TranscriptRecord } from '../../../../src/contract/resources.ts';
import { operationQuery } from '../../api/query.ts';
import { Button } from '../../ui/button.tsx';
import { Problem } from '../../ui/problem.tsx';
import { useRows } from './row-context.ts';

export interface Whole {
  readonly record: TranscriptRecord | null;
  /** Says that it is cut and offers the rest; null when there is nothing to offer. */
  readonly offer: React.ReactNode;
}

/** `seq`: number of the cut record; null: nothing is cut. */
export function useWhole(seq: number | null): Whole {
  const { runId } = useRows();
  const [wanted, setWanted] = useState(false);
  const { data, error, isFetching, refetch } = useQuery({
    ...operationQuery('runs.message', { run: runId, seq: seq ?? 1 }),
    enabled: wanted && seq !== null,
    gcTime: 30_000,
  });
  if (seq === null || data !== undefined) return { record: data ?? null, offer: null };
  return {
    record: null,
    offer:
      error === null ? (
        <div className="fold">
          This is cut: it is very long.
          <Button kind="outline" size="xs" busy={isFetching} onClick={() => setWanted(true)}>
            Show the whole of it
          </Button>
        </div>
      ) : (
        <Problem title="The whole record could not be read" error={error} onRetry={() => void refetch()} className="m-2" />
      ),
  };
}
