/** What a reader can leave of a transcript. The server owns what belongs to which. */
import type { OperationOutput } from '../../../../src/contract/operations.ts';

export type Counts = OperationOutput<'runs.message_counts'>;

export const FILTERS = [
  { name: 'all', label: 'All' },
  { name: 'text', label: 'Text' },
  { name: 'tools', label: 'Tools' },
  { name: 'edits', label: 'Edits' },
  { name: 'shell', label: 'Shell' },
  { name: 'errors', label: 'Errors' },
  { name: 'questions', label: 'Questions' },
] as const;
export type Filter = (typeof FILTERS)[number]['name'];
