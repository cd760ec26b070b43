/** Everything of a run that went wrong: failed calls and turns, and what the agent program complained about. */
import { useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { Segmented } from '../ui/segmented.tsx';
import { ProgramLog } from './output-tab.tsx';
import { TranscriptList } from './transcript/transcript-list.tsx';

const PARTS = [
  { value: 'failed', label: 'Failed' },
  { value: 'stderr', label: 'Messages of the program' },
] as const;

export function ErrorsTab({ run }: { run: Run }) {
  const [part, setPart] = useState<'failed' | 'stderr'>('failed');
  return (
    <>
      <div className="flex flex-none items-center gap-2 border-b border-line-subtle px-4 py-[7px]">
        <Segmented label="Errors" value={part} options={PARTS} onChange={setPart} />
      </div>
      {part === 'failed' ? (
        <TranscriptList runId={run.id} root={run.worktree_path} live={run.status === 'running'} filter="errors" goal={null} />
      ) : (
        <ProgramLog run={run.id} stream="stderr" empty="The program complained about nothing" />
      )}
    </>
  );
}
