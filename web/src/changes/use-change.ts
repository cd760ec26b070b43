/** The change that a view shows: loaded while it is there, told apart by what it is compared with. */
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { call } from '../api/call.ts';
import { type Change, ChangeLoader, type ChangeSource } from './change-loader.ts';

/** What the run's head is compared with, or one commit with its parent. */
export type Scope = { readonly kind: 'base' } | { readonly kind: 'checkpoint' } | { readonly kind: 'commit'; readonly sha: string };

export interface ShownChange {
  readonly change: Change;
  readonly reload: () => void;
  readonly loadFile: (path: string) => void;
}

export function useChange(run: string, scope: Scope): ShownChange {
  const sha = scope.kind === 'commit' ? scope.sha : null;
  const loader = useMemo(() => new ChangeLoader(sourceOf(run, scope.kind, sha), pause), [run, scope.kind, sha]);
  useEffect(() => {
    void loader.load();
    return () => loader.stop();
  }, [loader]);
  const change = useSyncExternalStore(loader.watch, loader.snapshot);
  return useMemo(() => ({ change, reload: () => void loader.load(), loadFile: (path) => void loader.loadFile(path) }), [change, loader]);
}

function sourceOf(run: string, kind: Scope['kind'], sha: string | null): ChangeSource {
  if (kind === 'commit' && sha !== null) {
    return {
      async files(signal) {
        const { commit, files } = await call('runs.commit', { run, sha }, { signal });
        return { from: commit.parents[0] ?? commit.sha, to: commit.sha, items: files };
      },
      lines: (window, signal) => call('runs.diff', { run, commit: sha, compare: 'base', ...window }, { signal }),
    };
  }
  const compare = kind === 'checkpoint' ? 'checkpoint' : 'base';
  return {
    files: (signal) => call('runs.files', { run, compare }, { signal }),
    lines: ({ path, ...window }, signal) =>
      path === undefined
        ? call('runs.diff', { run, compare, ...window }, { signal })
        : call('runs.file_diff', { run, path, compare, ...window }, { signal }),
  };
}

/** Lets the page draw and answer between two parts of a long diff. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
