/** What every row needs to know of the view around it. */
import { createContext, type ReactNode, useContext } from 'react';
import type { Row } from './rows.ts';

export interface RowContext {
  readonly runId: string;
  /** Folder of the working copy, to cut it off paths. */
  readonly root: string | null;
  /** What a person opened or folded, else what all of them are, else what the row would be by itself. */
  isOpen(key: string, byItself: boolean): boolean;
  toggle(key: string, open: boolean): void;
  /** Key of the row that a link or a search led to. */
  readonly marked: string | null;
  readonly lastEdit: string | null;
  readonly lastTodo: string | null;
  readonly live: boolean;
  /** Draws a row inside another one. */
  render(row: Row): ReactNode;
}

export const Rows = createContext<RowContext | null>(null);

export function useRows(): RowContext {
  const context = useContext(Rows);
  if (context === null) throw new Error('a row stands in a list');
  return context;
}
