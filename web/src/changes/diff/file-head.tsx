/** The head of a file: what it is called, what happened to it, whether it was looked at. */
import { ChevronDown, ChevronRight, Copy, Ellipsis, MessageSquareText } from 'lucide-react';
import { memo } from 'react';
import type { FileChange } from '../../../../src/contract/git-resources.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { cx } from '../../ui/class-names.ts';
import { whole } from '../../ui/format.ts';
import { Menu } from '../../ui/menu.tsx';
import type { MenuEntry } from '../../ui/popup-types.ts';
import { toast, toastFailure } from '../../ui/toast.tsx';
import { tip } from '../../ui/tooltip.tsx';
import { ChangeLetter } from '../change-letter.tsx';
import { visibleName } from './visible-text.ts';

export interface FileHeadProps {
  readonly file: FileChange;
  readonly folded: boolean;
  readonly viewed: boolean;
  readonly comments: number;
  readonly onFold: () => void;
  readonly onViewed: (viewed: boolean) => void;
  readonly menu: () => readonly MenuEntry[];
}

export const FileHead = memo(function FileHead({ file, folded, viewed, comments, onFold, onViewed, menu }: FileHeadProps) {
  const name = visibleName(file.path);
  const folder = name.startsWith('"') ? '' : name.slice(0, name.lastIndexOf('/') + 1);
  const Chevron = folded ? ChevronRight : ChevronDown;
  return (
    <div className={cx('file-head', folded && 'folded')}>
      <button
        type="button"
        aria-expanded={!folded}
        aria-label={`${folded ? 'Show' : 'Fold'} ${name}`}
        onClick={onFold}
        className="flex-none text-fg-3 pointer-coarse:-my-2 pointer-coarse:grid pointer-coarse:size-11 pointer-coarse:place-items-center"
      >
        <Chevron size={14} strokeWidth={1.75} aria-hidden />
      </button>
      <ChangeLetter change={file.change} />
      <h2 className="mono flex min-w-0 text-[11.5px] font-medium whitespace-nowrap" {...tip(name)}>
        {file.old_path !== null && (
          <span className="min-w-0 shrink-100 truncate font-regular text-fg-3">{visibleName(file.old_path)} → </span>
        )}
        {/* The folders give way first, then the name. */}
        <bdi className="min-w-0 shrink-100 truncate">{folder}</bdi>
        <bdi className="min-w-0 truncate">{name.slice(folder.length)}</bdi>
      </h2>
      <Button icon size="sm" aria-label={`Copy the path ${name}`} onClick={() => copy(file.path)} className="max-phone:hidden">
        <Copy size={12} strokeWidth={1.75} aria-hidden />
      </Button>
      <Figures file={file} />
      <span className="ml-auto flex flex-none items-center gap-2">
        {modeWords(file) !== null && <span className="num text-micro text-fg-3 max-phone:hidden">{modeWords(file)}</span>}
        {comments > 0 && (
          <span className="num inline-flex items-center gap-1 text-micro font-semibold text-accent-fg">
            <MessageSquareText size={11} strokeWidth={1.75} aria-hidden />
            {comments}
            <span className="max-phone:sr-only">{comments === 1 ? 'comment' : 'comments'}</span>
          </span>
        )}
        <Checkbox
          checked={viewed}
          onChange={onViewed}
          label={<span className="max-phone:sr-only">Viewed</span>}
          className="gap-1.5 text-small text-fg-2"
        />
        <Menu
          label={`More for ${name}`}
          entries={menu}
          trigger={(props) => (
            <Button {...props} icon size="sm" aria-label={`More for ${name}`}>
              <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
            </Button>
          )}
        />
      </span>
    </div>
  );
});

export function Figures({ file: { insertions, deletions, binary } }: { readonly file: FileChange }) {
  if (binary) return <span className="text-micro text-fg-3">binary</span>;
  return (
    <span className="num flex flex-none gap-1.5">
      {insertions !== null && insertions > 0 && <span className="text-diff-add-fg">+{whole(insertions)}</span>}
      {deletions !== null && deletions > 0 && <span className="text-diff-del-fg">−{whole(deletions)}</span>}
    </span>
  );
}

const MODES: Readonly<Record<string, string>> = { '100644': 'file', '100755': 'executable', '120000': 'link', '160000': 'submodule' };

function modeWords({ change, old_mode, new_mode }: FileChange): string | null {
  if (old_mode === null || new_mode === null || old_mode === new_mode || change === 'added' || change === 'deleted') return null;
  return `${MODES[old_mode] ?? old_mode} → ${MODES[new_mode] ?? new_mode}`;
}

export function copy(text: string, what = 'The path'): void {
  navigator.clipboard.writeText(text).then(
    () => toast({ kind: 'info', title: `${what} was copied` }),
    (error: unknown) => toastFailure(`${what} was not copied`, error),
  );
}
