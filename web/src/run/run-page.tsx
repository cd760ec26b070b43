/** A run as a page: the tab and the record are part of the address. */
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { call } from '../api/call.ts';
import { Problem } from '../ui/problem.tsx';
import { RunView } from './run-view.tsx';

const route = getRouteApi('/runs/$run');
const WHOLE_ID = 32;

export function RunPage() {
  const { run } = route.useParams();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  if (run.length !== WHOLE_ID) return <WholeId prefix={run} />;
  return (
    <RunView
      key={run}
      id={run}
      tab={search.tab}
      seq={search.seq}
      file={search.file}
      onFile={(file) => void navigate({ search: { tab: 'files', file }, replace: true })}
      onTab={(tab) => void navigate({ search: { tab: tab === 'messages' ? undefined : tab }, replace: true })}
    />
  );
}

/** A cut id, as the command line shows it: asked for the whole one, then opened under that. */
function WholeId({ prefix }: { prefix: string }) {
  const navigate = route.useNavigate();
  const [error, setError] = useState<unknown>(null);
  useEffect(() => {
    const control = new AbortController();
    call('runs.get', { run: prefix }, { signal: control.signal }).then(
      ({ id }) => navigate({ to: '/runs/$run', params: { run: id }, search: (search) => search, replace: true }),
      (failure: unknown) => {
        if (!control.signal.aborted) setError(failure);
      },
    );
    return () => control.abort();
  }, [prefix, navigate]);
  if (error === null) return null;
  return (
    <div className="m-auto w-full max-w-md p-4">
      <Problem title="There is no such run" error={error} />
    </div>
  );
}
