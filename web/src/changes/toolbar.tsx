/** What the change is compared with, how far somebody has come, and how it is drawn. */
import { Columns2, Files, Rows2, Search } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { tip } from '../ui/tooltip.tsx';
import type { Layout } from './diff/rows.ts';

interface ToolbarProps {
  /** Left side: what is compared. */
  readonly children: ReactNode;
  /** Set when the tree has no room of its own. */
  readonly onTree: (() => void) | null;
  readonly files: number;
  readonly viewed: number;
  readonly layout: Layout;
  /** There is room for two sides. */
  readonly splits: boolean;
  readonly onLayout: (layout: Layout) => void;
  readonly onFind: () => void;
}

export function Toolbar({ children, onTree, files, viewed, layout, splits, onLayout, onFind }: ToolbarProps) {
  return (
    <div className="flex min-h-11 flex-none flex-wrap items-center gap-x-2.5 gap-y-1.5 border-b border-line-subtle py-1.5 pr-3 pl-4 max-phone:pl-3">
      {onTree !== null && (
        <Button kind="outline" size="sm" onClick={onTree}>
          <Files size={13} strokeWidth={1.75} aria-hidden />
          {files === 1 ? '1 file' : `${files} files`}
        </Button>
      )}
      <span className="flex min-w-0 flex-wrap items-center gap-x-2.5 gap-y-1.5 empty:hidden max-phone:order-1 max-phone:w-full">
        {children}
      </span>
      <span className="ml-auto flex items-center gap-2.5">
        {files > 0 && (
          <span className="num flex items-center gap-2 text-small text-fg-2">
            {viewed} of {files} viewed
            <span aria-hidden="true" className="block h-1 w-18 overflow-hidden rounded-full bg-active max-[1280px]:hidden">
              <span className="block h-full bg-completed-solid" style={{ width: `${(100 * viewed) / files}%` }} />
            </span>
          </span>
        )}
        <Button icon size="sm" aria-label="Search in the diff" {...tip('Search in the diff   /')} onClick={onFind}>
          <Search size={14} strokeWidth={1.75} aria-hidden />
        </Button>
        {splits && (
          <Segmented
            label="How the diff is drawn"
            value={layout}
            onChange={onLayout}
            options={[
              {
                value: 'unified',
                label: (
                  <>
                    <Rows2 size={13} strokeWidth={1.75} aria-hidden />
                    Unified
                  </>
                ),
              },
              {
                value: 'split',
                label: (
                  <>
                    <Columns2 size={13} strokeWidth={1.75} aria-hidden />
                    Split
                  </>
                ),
              },
            ]}
          />
        )}
      </span>
    </div>
  );
}
