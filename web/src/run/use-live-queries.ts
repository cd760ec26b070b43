/** What the view of a run has asked for besides the run is asked again when a live message says that it is old, and let go with the view. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import type { OperationName } from '../../../src/contract/operations.ts';
import type { TranscriptRecord } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { useTopic } from '../live/live.ts';
import { Soon } from './soon.ts';

/** Figures that move with every record or call: so often at most. */
const COUNTS_MS = 1_000;
const USAGE_MS = 3_000;
const JOIN = { cancelRefetch: false } as const;

export function useLiveQueries(run: string): void {
  const client = useQueryClient();
  const soon = useMemo(
    () =>
      new Soon((ms, then) => {
        const timer = setTimeout(then, ms);
        return () => clearTimeout(timer);
      }),
    [],
  );

  useEffect(
    () => () => {
      soon.stop();
      client.removeQueries({ predicate: ({ queryKey }) => isOf(queryKey, run) });
    },
    [client, soon, run],
  );

  /** The reading under way is let come to its end, and followed by one more: over a slow line none would ever arrive otherwise. */
  const old = (name: OperationName, withinMs = 0): void =>
    soon.ask(name, withinMs, () => {
      const which = { queryKey: [name], predicate: ({ queryKey }: { queryKey: readonly unknown[] }) => isOf(queryKey, run) };
      const underWay = client.isFetching(which) > 0;
      void client.invalidateQueries(which, JOIN).then(() => (underWay ? client.invalidateQueries(which, JOIN) : undefined));
    });

  useTopic(`run:${run}`, {
    resync: () => void client.invalidateQueries({ predicate: ({ queryKey }) => isOf(queryKey, run) }),
    message(type, data) {
      switch (type) {
        case 'message': {
          const { type: kind } = data as TranscriptRecord;
          old('runs.message_counts', COUNTS_MS);
          old('runs.logs', COUNTS_MS);
          if (kind === 'screenshot' || kind === 'user') old('runs.attachments');
          return;
        }
        case 'log_line':
          old('runs.logs', COUNTS_MS);
          return;
        case 'token_update':
          old('runs.usage', USAGE_MS);
          old('usage.run_series', USAGE_MS);
          return;
        case 'pending_questions':
        case 'question_answered':
        case 'questions_expired':
          old('runs.questions');
          return;
        case 'follow_ups_updated':
          old('runs.follow_ups');
          return;
        case 'todos_updated': {
          const { todos } = data as { todos: { text: string; status: string }[] };
          client.setQueryData(operationQuery('runs.todos', { run }).queryKey, { items: todos, at: new Date().toISOString() });
          return;
        }
        case 'egress_refused':
          old('egress.show', COUNTS_MS);
          return;
        case 'activity':
          old('runs.events', COUNTS_MS);
          return;
        case 'run_updated': {
          const patch = data as Record<string, unknown>;
          if ('status' in patch || 'attempts' in patch || 'session_id' in patch) old('runs.attempts');
          if ('status' in patch) old('runs.logs');
          if ('queued_messages' in patch) old('runs.follow_ups');
          if ('egress' in patch || 'egress_refused' in patch) old('egress.show');
          return;
        }
        default:
      }
    },
  });
}

function isOf(queryKey: readonly unknown[], run: string): boolean {
  const input = queryKey[1];
  return typeof input === 'object' && input !== null && (input as { run?: unknown }).run === run;
}
