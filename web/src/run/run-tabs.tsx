import { useQuery } from '@tanstack/react-query';
import type { Run } from '../../../src/contract/resources.ts';
import { operationQuery } from '../api/query.ts';
import { Tabs } from '../ui/tabs.tsx';

export const TABS = [
  { name: 'output', label: 'Output' },
  { name: 'messages', label: 'Messages' },
  { name: 'errors', label: 'Errors' },
  { name: 'commits', label: 'Commits' },
  { name: 'files', label: 'Files' },
  { name: 'attachments', label: 'Attachments' },
  { name: 'history', label: 'History' },
] as const;
export type TabName = (typeof TABS)[number]['name'];

export function isTab(name: string | undefined): name is TabName {
  return TABS.some((tab) => tab.name === name);
}

interface RunTabsProps {
  readonly run: Run;
  readonly current: TabName;
  readonly onChange: (name: TabName) => void;
  readonly panel: string;
}

export function RunTabs({ run, current, onChange, panel }: RunTabsProps) {
  const counts = useQuery(operationQuery('runs.message_counts', { run: run.id })).data;
  const attachments = useQuery(operationQuery('runs.attachments', { run: run.id })).data;
  const shown: Partial<Record<TabName, number | undefined>> = {
    messages: counts?.all,
    errors: counts?.errors,
    commits: run.commit_count,
    files: run.files_changed,
    attachments: attachments?.items.length,
  };
  const tabs = TABS.map((tab) => ({
    ...tab,
    count: shown[tab.name] ?? null,
    ...(tab.name === 'errors' && (counts?.errors ?? 0) > 0 ? { alert: 'something failed' } : {}),
  }));
  return <Tabs label="Parts of this run" tabs={tabs} current={current} onChange={onChange} panel={panel} />;
}
