/** What happened to a file, as a letter with a word behind it. */
import type { FileChange } from '../../../src/contract/git-resources.ts';
import { cx } from '../ui/class-names.ts';
import { tip } from '../ui/tooltip.tsx';

const LETTERS: Record<FileChange['change'], readonly [letter: string, word: string, colour: string]> = {
  added: ['A', 'Added', 'text-diff-add-fg'],
  modified: ['M', 'Modified', 'text-fg-3'],
  deleted: ['D', 'Deleted', 'text-diff-del-fg'],
  renamed: ['R', 'Renamed', 'text-running-fg'],
  copied: ['C', 'Copied', 'text-running-fg'],
  mode: ['P', 'Permissions changed', 'text-warning-fg'],
  type: ['T', 'Kind changed', 'text-warning-fg'],
  submodule: ['S', 'Submodule', 'text-fg-2'],
};

export function ChangeLetter({ change }: { readonly change: FileChange['change'] }) {
  const [letter, word, colour] = LETTERS[change];
  return (
    <span className={cx('mono w-3 flex-none text-center text-micro font-semibold', colour)} {...tip(word)}>
      <span aria-hidden="true">{letter}</span>
      <span className="sr">{word}</span>
    </span>
  );
}
