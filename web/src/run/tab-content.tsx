/** What a tab shows. Each is loaded when it is first opened, save the messages, which nearly everybody comes for. */
import { lazy, Suspense } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { SkeletonRows } from '../ui/skeleton.tsx';
import type { TabName } from './run-tabs.tsx';
import { TranscriptTab } from './transcript/transcript-tab.tsx';

const CommitsTab = lazy(async () => ({ default: (await import('../changes/commits-tab.tsx')).CommitsTab }));
const OutputTab = lazy(async () => ({ default: (await import('./output-tab.tsx')).OutputTab }));
const ErrorsTab = lazy(async () => ({ default: (await import('./errors-tab.tsx')).ErrorsTab }));
const AttachmentsTab = lazy(async () => ({ default: (await import('./attachments-tab.tsx')).AttachmentsTab }));
const HistoryTab = lazy(async () => ({ default: (await import('./history-tab.tsx')).HistoryTab }));
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
    case 'output':
      return <OutputTab run={run} />;
    case 'errors':
      return <ErrorsTab run={run} />;
    case 'attachments':
      return <AttachmentsTab run={run} />;
    case 'history':
      return <HistoryTab run={run} />;
    default:
      return tab satisfies never;
  }
}
