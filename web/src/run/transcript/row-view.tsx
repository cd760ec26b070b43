/** One row of the transcript. Drawn anew only when its row object is another one. */
import { memo } from 'react';
import { AgentsRow } from './agents-row.tsx';
import { CallRow } from './call-row.tsx';
import { FoldRow } from './fold-row.tsx';
import { ErrorRow, SystemRow, WaitRow } from './notice-rows.tsx';
import { PromptRow } from './prompt-row.tsx';
import { ProseRow, ThinkingRow } from './prose-row.tsx';
import { QuestionRow } from './question-row.tsx';
import type { Row } from './rows.ts';

export const RowView = memo(function RowView({ row }: { row: Row }) {
  switch (row.kind) {
    case 'prompt':
      return <PromptRow row={row} />;
    case 'prose':
      return <ProseRow row={row} />;
    case 'thinking':
      return <ThinkingRow row={row} />;
    case 'call':
      return <CallRow rowKey={row.key} call={row.call} />;
    case 'fold':
      return <FoldRow row={row} />;
    case 'agents':
      return <AgentsRow row={row} />;
    case 'question':
      return <QuestionRow row={row} />;
    case 'wait':
      return <WaitRow row={row} />;
    case 'error':
      return <ErrorRow row={row} />;
    case 'system':
      return <SystemRow row={row} />;
    default:
      return row satisfies never;
  }
});

/** Height before it is measured, in pixels: near enough that the scroll bar does not jump. */
export function estimateRow(row: Row): number {
  switch (row.kind) {
    case 'prose':
      return 30 + Math.ceil(row.text.length / 95) * 22;
    case 'prompt':
      return 64 + Math.min(12, Math.ceil(row.text.length / 90)) * 22;
    case 'call':
      return row.call.result?.ok === false ? 220 : row.call.screenshots.length > 0 ? 200 : 26;
    case 'agents':
      return 40 + row.agents.length * 34;
    case 'question':
      return 180;
    case 'error':
      return 50;
    default:
      return 30;
  }
}

/** Calls stand close together; everything else has air. */
export function isTight(row: Row): boolean {
  return row.kind === 'call' || row.kind === 'fold' || row.kind === 'thinking';
}
