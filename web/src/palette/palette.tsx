/** The command palette: runs, acts on what is shown, views, settings, what was said in transcripts. */
import { Search } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react';
import { useScopeSearch } from '../app/use-scope.ts';
import { Button } from '../ui/button.tsx';
import { cx } from '../ui/class-names.ts';
import { Dialog } from '../ui/dialog.tsx';
import { Marked } from '../ui/marked.tsx';
import { useSignal } from '../ui/signal.ts';
import { palette } from './open-palette.ts';
import { type PaletteItem, type PaletteSection, usePaletteItems } from './use-palette-items.tsx';

const close = () => palette.set(null);

export function Palette() {
  const first = useSignal(palette);
  const input = useRef<HTMLInputElement>(null);
  // While it fades out it shows what it had.
  const last = useRef('');
  if (first !== null) last.current = first;
  return (
    <Dialog open={first !== null} onClose={close} title="Command palette" look="bare" place="top" width={640} initialFocus={input}>
      <PaletteBody first={last.current} input={input} />
    </Dialog>
  );
}

function PaletteBody({ first, input }: { first: string; input: RefObject<HTMLInputElement | null> }) {
  const { project: scope } = useScopeSearch();
  const [text, setText] = useState(first);
  const [everywhere, setEverywhere] = useState(false);
  const [chosen, setChosen] = useState(0);
  const project = everywhere ? null : (scope ?? null);
  const sections = usePaletteItems(text, project);
  const items = sections.flatMap((section) => section.items);
  const at = Math.min(chosen, Math.max(0, items.length - 1));
  const id = useId();

  const choose = (item: PaletteItem | undefined, beside: boolean) => {
    if (item === undefined) return;
    close();
    // What it opens takes the focus after the palette has given it back.
    setTimeout(beside && item.beside !== undefined ? item.beside : item.run);
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const to = targetOf(event.key, at, items.length);
    if (to !== null) setChosen(to);
    else if (event.key === 'Enter') choose(items[at], event.ctrlKey || event.metaKey);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex h-[52px] flex-none items-center gap-3 border-b border-line-subtle px-4">
        <Search size={18} strokeWidth={1.75} className="flex-none text-fg-3" />
        <input
          ref={input}
          type="text"
          value={text}
          placeholder="Search runs, actions and transcripts"
          aria-label="Search runs, actions and transcripts"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={items.length > 0 ? `${id}-${at}` : undefined}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          className="h-full min-w-0 flex-1 bg-transparent text-[16px] outline-none"
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={keys}
        />
        {scope !== undefined && (
          <Button kind="outline" size="sm" aria-pressed={!everywhere} onClick={() => setEverywhere(!everywhere)}>
            {everywhere ? 'All projects' : `In ${scope}`}
          </Button>
        )}
      </div>
      <List id={id} sections={sections} at={at} onChoose={choose} text={text} />
      <p
        className="flex h-[34px] flex-none items-center gap-3.5 border-t border-line-subtle bg-panel px-4 text-micro text-fg-3 max-phone:hidden"
        aria-hidden="true"
      >
        <span className="flex items-center gap-1">
          <kbd>↑</kbd>
          <kbd>↓</kbd> move
        </span>
        <span className="flex items-center gap-1">
          <kbd>↵</kbd> open
        </span>
        <span className="flex items-center gap-1">
          <kbd>Ctrl</kbd>
          <kbd>↵</kbd> in side panel
        </span>
        <span className="ml-auto">&gt; actions &nbsp; # runs</span>
      </p>
    </>
  );
}

/** Where a key moves the choice; null: it moves nothing. */
function targetOf(key: string, at: number, count: number): number | null {
  if (count === 0) return null;
  if (key === 'ArrowDown') return (at + 1) % count;
  if (key === 'ArrowUp') return (at - 1 + count) % count;
  if (key === 'PageDown') return Math.min(count - 1, at + 8);
  if (key === 'PageUp') return Math.max(0, at - 8);
  return null;
}

interface ListProps {
  readonly id: string;
  readonly sections: readonly PaletteSection[];
  readonly at: number;
  readonly text: string;
  readonly onChoose: (item: PaletteItem, beside: boolean) => void;
}

function List({ id, sections, at, text, onChoose }: ListProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another choice is what scrolls
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  let index = -1;
  return (
    <div
      ref={list}
      id={`${id}-list`}
      role="listbox"
      aria-label="Results"
      className="min-h-0 flex-1 overflow-auto overscroll-contain px-1.5 pb-1.5"
    >
      {sections.map(({ name, items, problem }) => (
        // biome-ignore lint/a11y/useSemanticElements: a group inside a list box is no set of form fields
        <div key={name} role="group" aria-label={name}>
          <p className="truncate px-3 pt-2.5 pb-1 text-micro text-fg-3" aria-hidden="true">
            {name}
          </p>
          {items.map((item) => {
            index += 1;
            return <Row key={item.key} id={`${id}-${index}`} item={item} on={index === at} onChoose={onChoose} />;
          })}
          {problem !== undefined && <p className="px-3 py-2 text-small text-failed-fg">{problem}</p>}
        </div>
      ))}
      {sections.length === 0 && <p className="px-3 py-6 text-center text-fg-2">Nothing fits “{text.trim()}”.</p>}
    </div>
  );
}

function Row({ id, item, on, onChoose }: { id: string; item: PaletteItem; on: boolean; onChoose: ListProps['onChoose'] }) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and answers the keys
    <div
      id={id}
      role="option"
      aria-selected={on}
      tabIndex={-1}
      onMouseDown={(event) => event.preventDefault()}
      onClick={(event) => onChoose(item, event.ctrlKey || event.metaKey)}
      className={cx(
        'flex min-h-[38px] cursor-default items-center gap-2.5 rounded-md px-3 text-fg-2 pointer-coarse:min-h-11',
        on ? 'bg-active text-fg' : 'hover:bg-hover',
      )}
    >
      <span className="grid w-[15px] flex-none place-items-center">{item.icon}</span>
      <span className="min-w-0 flex-1 truncate">
        <Marked text={item.label} marks={item.marks} />
      </span>
      <span className="flex flex-none items-center gap-2 text-micro text-fg-3">{item.right}</span>
    </div>
  );
}
