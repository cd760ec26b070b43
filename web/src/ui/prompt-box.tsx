/** Where a person tells an agent something: text with completion docked inside, images, and what else belongs below it. */
import { AtSign, Image, Slash, X } from 'lucide-react';
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { addressOf } from '../api/call.ts';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import { CompletionList, type Offer, useChosen, useOffers } from './completion.tsx';
import { complete, completionAt, mentions } from './completion-token.ts';
import { Glyph } from './glyph.tsx';
import { IMAGE_TYPES, imagesIn, type PromptImages } from './prompt-images.ts';
import { tip } from './tooltip.tsx';
import './prompt-box.css';

export interface PromptBoxProps {
  readonly value: string;
  readonly onChange: (text: string) => void;
  /** Its name for a screen reader. */
  readonly label: string;
  readonly placeholder?: string;
  /** Whose commands and files are offered; null: none chosen yet. */
  readonly project: string | null;
  readonly images: PromptImages;
  /** Ctrl Enter, Command Enter on a Mac. */
  readonly onSubmit: () => void;
  /** The server's sentence about what was typed. */
  readonly error?: string | undefined;
  /** The list of completions stands above the text: for a box at the bottom of the window. */
  readonly offersAbove?: boolean;
  /** Buttons and words at the right of the bar below the text. */
  readonly tools?: ReactNode;
  readonly text?: RefObject<HTMLTextAreaElement | null>;
  readonly className?: string;
}

export function PromptBox(props: PromptBoxProps) {
  const { value, onChange, label, placeholder, project, images, onSubmit, error, offersAbove = false, tools, className } = props;
  const own = useRef<HTMLTextAreaElement>(null);
  const text = props.text ?? own;
  const picker = useRef<HTMLInputElement>(null);
  const id = useId();
  const [caret, setCaret] = useState<number | null>(null);
  const [closedAt, setClosedAt] = useState<number | null>(null);
  const [over, setOver] = useState(false);
  const moveTo = useRef<number | null>(null);

  const token = caret === null ? null : completionAt(value, Math.min(caret, value.length));
  const open = token !== null && token.from !== closedAt ? token : null;
  const offers = useOffers(project, open);
  const [chosen, choose] = useChosen(offers);
  const listed = open !== null && offers !== null && (offers.items.length > 0 || offers.why !== null);

  useLayoutEffect(() => {
    if (moveTo.current === null) return;
    text.current?.setSelectionRange(moveTo.current, moveTo.current);
    setCaret(moveTo.current);
    moveTo.current = null;
  });

  const put = (next: { text: string; caret: number }) => {
    moveTo.current = next.caret;
    onChange(next.text);
    text.current?.focus();
  };
  const insert = (offer: Offer) => open !== null && put(complete(value, open, offer.word));
  const type = (sign: '@' | '/') => {
    setClosedAt(null);
    if (sign === '/')
      return put(value.trimStart().startsWith('/') ? { text: value, caret: value.indexOf('/') + 1 } : { text: `/${value}`, caret: 1 });
    const at = text.current?.selectionStart ?? value.length;
    const space = at > 0 && !/\s/.test(value.charAt(at - 1)) ? ' ' : '';
    put({ text: `${value.slice(0, at)}${space}@${value.slice(at)}`, caret: at + space.length + 1 });
  };
  const keys = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      return onSubmit();
    }
    if (open === null || !listed) return;
    const offer = offers?.items[chosen];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') choose(chosen + (event.key === 'ArrowDown' ? 1 : -1));
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && offer !== undefined) insert(offer);
    else if (event.key === 'Escape') setClosedAt(open.from);
    else return;
    event.preventDefault();
    // The list was meant, not the dialog around it.
    event.stopPropagation();
  };
  const take = (files: File[], event: ClipboardEvent | DragEvent) => {
    if (files.length === 0) return;
    event.preventDefault();
    images.add(files);
  };
  const list = listed && open !== null && offers !== null && (
    <CompletionList id={`${id}-list`} token={open} offers={offers} chosen={chosen} onChoose={insert} />
  );

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: images may be dropped on all of it; the button in it does the same
    <div
      className={cx('prompt-box', over && 'prompt-box-over', error !== undefined && 'prompt-box-error', className)}
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false);
        event.preventDefault();
        // Whatever is dropped is answered: a file that is no image is refused in place.
        take([...event.dataTransfer.files], event);
      }}
    >
      {offersAbove && list}
      <div className="prompt-box-text">
        <div aria-hidden="true" className="prompt-box-marks">
          <Grounds text={value} />
        </div>
        <textarea
          ref={text}
          value={value}
          placeholder={placeholder}
          aria-label={label}
          aria-invalid={error !== undefined || undefined}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={listed}
          aria-controls={listed ? `${id}-list` : undefined}
          aria-activedescendant={listed && offers.items.length > 0 ? `${id}-list-${chosen}` : undefined}
          onChange={(event) => {
            onChange(event.target.value);
            setCaret(event.target.selectionStart);
            setClosedAt(null);
          }}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onBlur={() => setCaret(null)}
          onKeyDown={keys}
          onPaste={(event) => take(imagesIn(event.clipboardData), event)}
        />
      </div>
      {!offersAbove && list}
      {error !== undefined && (
        <p id={`${id}-error`} role="alert" className="flex gap-1.5 px-3.5 pb-2 text-small break-words text-failed-fg">
          <Glyph name="failed" size={12} className="mt-0.5" />
          {error}
        </p>
      )}
      <Images images={images} />
      <div className="flex flex-wrap items-center gap-0.5 px-2 py-1.5">
        <Button
          size="sm"
          icon
          aria-label="Attach an image"
          {...tip('Attach an image; pasting and dropping work as well')}
          onClick={() => picker.current?.click()}
        >
          <Image size={15} strokeWidth={1.75} />
        </Button>
        <Button size="sm" icon aria-label="Mention a file" {...tip('Mention a file')} onClick={() => type('@')}>
          <AtSign size={15} strokeWidth={1.75} />
        </Button>
        <Button size="sm" icon aria-label="Command" {...tip('Command')} onClick={() => type('/')}>
          <Slash size={15} strokeWidth={1.75} />
        </Button>
        <input
          ref={picker}
          type="file"
          accept={IMAGE_TYPES.join(',')}
          multiple
          hidden
          onChange={(event) => {
            images.add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        {tools}
      </div>
    </div>
  );
}

/** The ground behind commands and files; the letters are those of the text above it. */
function Grounds({ text }: { text: string }) {
  const found = mentions(text);
  if (found.length === 0) return null;
  const out: ReactNode[] = [];
  let at = 0;
  for (const [start, end] of found) {
    out.push(text.slice(at, start), <i key={start}>{text.slice(start, end)}</i>);
    at = end;
  }
  return out;
}

function Images({ images }: { images: PromptImages }) {
  if (images.items.length === 0) return null;
  return (
    <ul className="flex flex-wrap gap-1.5 px-3 pt-1 pb-1.5" aria-label="Images">
      {images.items.map(({ key, name, state, id, why }) => (
        <li
          key={key}
          className={cx(
            'flex min-h-7 max-w-full items-center gap-1.5 rounded-[5px] pr-1 pl-1.5 text-small shadow-[inset_0_0_0_1px_var(--border)]',
            state === 'refused' && 'bg-failed-tint shadow-[inset_0_0_0_1px_var(--failed-line)]',
          )}
        >
          {state === 'ready' && id !== null ? (
            <img src={addressOf('attachments.get', { id })} alt="" className="size-5 flex-none rounded-sm object-cover" />
          ) : (
            <Glyph name={state === 'sending' ? 'running' : 'failed'} size={13} />
          )}
          <span className="min-w-0 break-words" role={state === 'refused' ? 'alert' : undefined}>
            <span className={state === 'refused' ? 'font-medium' : undefined}>{name}</span>
            {why !== null && <span className="text-fg-2"> {why}</span>}
            {state === 'sending' && <span className="sr"> is being sent</span>}
          </span>
          <Button icon size="xs" aria-label={`Remove ${name}`} onClick={() => images.remove(key)}>
            <X size={12} strokeWidth={1.75} />
          </Button>
        </li>
      ))}
    </ul>
  );
}
