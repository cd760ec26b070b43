/** Toasts: for what has no place of its own. At most three; errors stay until they are closed. */
import { X } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { ApiFailure } from '../api/failure.ts';
import { Button } from './button.tsx';
import { Glyph, type GlyphName } from './glyph.tsx';

export interface ToastAction {
  readonly label: string;
  readonly run: () => void;
}

export interface Toast {
  readonly kind: 'info' | 'you' | 'refused' | 'error';
  readonly title: string;
  readonly text?: string;
  readonly action?: ToastAction;
}

interface Shown extends Toast {
  readonly id: number;
}

const MOST = 3;
const STAYS_MS = 6_000;

let shown: readonly Shown[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function toast(one: Toast): void {
  lastId += 1;
  const id = lastId;
  // The same sentence again replaces the first: a connection that fails ten times is one matter.
  set(withRoom([...shown.filter((each) => each.title !== one.title || each.text !== one.text), { ...one, id }]));
  if (!stays(one)) setTimeout(() => dismiss(id), STAYS_MS);
}

/** A failure and a refusal are read before they go: the person closes them. */
function stays({ kind }: Toast): boolean {
  return kind === 'error' || kind === 'refused';
}

/** The oldest that may go by itself gives way first. */
function withRoom(all: readonly Shown[]): readonly Shown[] {
  if (all.length <= MOST) return all;
  const leaving = all.find((each) => !stays(each)) ?? all[0];
  return all.filter((each) => each !== leaving);
}

export function dismiss(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

/** Every failed request that has no place of its own comes here: nobody loses one. */
export function toastFailure(title: string, error: unknown, retry?: () => void): void {
  if (error instanceof DOMException && error.name === 'AbortError') return;
  const failure = error instanceof ApiFailure ? error : null;
  // Signing in again has a page of its own.
  if (failure?.status === 401) return;
  const text =
    failure === null ? String(error instanceof Error ? error.message : error) : [failure.message, failure.action].filter(Boolean).join(' ');
  toast({
    kind: failure?.status === 409 || failure?.status === 403 ? 'refused' : 'error',
    title,
    text,
    action: retry === undefined ? undefined : { label: 'Try again', run: retry },
  });
}

const GLYPHS: Record<Toast['kind'], GlyphName> = { info: 'completed', you: 'review', refused: 'failed', error: 'failed' };

export function Toasts() {
  const all = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <section
      aria-label="Messages"
      aria-live="polite"
      className="pointer-events-none fixed right-4 bottom-4 z-(--z-toast) flex w-85 max-w-[calc(100vw-32px)] flex-col gap-2 max-phone:bottom-20"
    >
      {all.map((each) => (
        <div
          key={each.id}
          role={each.kind === 'error' ? 'alert' : undefined}
          className="pointer-events-auto flex gap-2.5 rounded-xl bg-overlay p-3 shadow-pop"
        >
          <Glyph name={GLYPHS[each.kind]} size={16} className="mt-0.5" />
          <div className="min-w-0 flex-1">
            <p className="font-medium break-words">{each.title}</p>
            {each.text !== undefined && <p className="text-small break-words text-fg-2">{each.text}</p>}
            {each.action !== undefined && (
              <Button
                kind="outline"
                size="sm"
                className="mt-2"
                onClick={() => {
                  dismiss(each.id);
                  each.action?.run();
                }}
              >
                {each.action.label}
              </Button>
            )}
          </div>
          <Button icon size="sm" aria-label="Close" onClick={() => dismiss(each.id)}>
            <X size={14} />
          </Button>
        </div>
      ))}
    </section>
  );
}
