/** What a tab shows. Each is loaded when it is first opened, save the messages, which nearly everybody comes for. */
import { lazy, Suspense } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import type { TabName } from './run-tabs.tsx';
import { TranscriptTab } from './transcript/transcript-tab.tsx';

const CommitsTab = lazy(async () => ({ default: (await import('../changes/commits-tab.tsx')).CommitsTab }));
const FilesTab = lazy(async () => ({ default: (await import('../changes/files-tab.tsx')).FilesTab }));

interface TabContentProps {
  readonly tab: TabName;
  readonly run: Run;
  readonly seq: number | undefined;
  readonly file: string | undefined;
  readonly onFile: ((path: string) => void) | undefined;
}

export function TabContent(props: TabContentProps) {
  return (
    <Suspense fallback={<SkeletonRows label="It is read" />}>
      <Content {...props} />
    </Suspense>
  );
}

function Content({ tab, run, seq, file, onFile }: TabContentProps) {
  switch (tab) {
    case 'messages':
      return <TranscriptTab run={run} seq={seq} />;
    case 'commits':
      return <CommitsTab run={run} />;
    case 'files':
      return <FilesTab run={run} {...(file === undefined ? {} : { file })} {...(onFile === undefined ? {} : { onFile })} />;
    default:
      return <p className="p-4 text-fg-3">{tab}</p>;
  }
}
