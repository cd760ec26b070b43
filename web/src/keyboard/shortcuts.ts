/**
 * Shortcuts of the page. A view registers what its keys do while it is shown; the view that was shown last wins. Keys that type something
 * are off while typing and can be switched off; while a dialog is open only those of the scope `Dialog` work.
 */
import { useEffect, useRef } from 'react';
import { signal } from '../ui/signal.ts';
import { isSingleKey, keyOf, match } from './match.ts';

export interface Binding {
  /** As in `match.ts`: `n`, `g b`, `shift+f`, `mod+k`, `escape`, `arrowdown`. Empty: no key, only in the palette. */
  readonly keys: string;
  /** For the palette and the list of shortcuts, as an act: "New run". Without one it is in neither (a second key for the same). */
  readonly label?: string;
  /** Not now: the key goes on to the binding below it. */
  readonly when?: () => boolean;
  /** Goes on while the key is held: a step from one thing to the next, which the palette does not offer. */
  readonly repeat?: boolean;
  readonly run: (event: KeyboardEvent) => void;
}

interface Registered extends Binding {
  readonly scope: string;
}

const SEQUENCE_MS = 1_200;
const DIALOG = 'Dialog';
const SWITCH = 'gluon.single-keys';

export const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/** Whether keys that type something are shortcuts; the choice is this browser's own. */
export const singleKeys = signal(localStorage.getItem(SWITCH) !== 'off');

export function setSingleKeys(on: boolean): void {
  if (on) localStorage.removeItem(SWITCH);
  else localStorage.setItem(SWITCH, 'off');
  singleKeys.set(on);
}

const layers = new Set<{ readonly bindings: readonly Registered[] }>();
let held = 0;
let pending = '';
let pendingUntil = 0;

/** While a dialog or a menu is open, keys of the page below it rest. */
export function useHeldPageKeys(open: boolean): void {
  useEffect(() => {
    if (!open) return;
    held += 1;
    return () => {
      held -= 1;
    };
  }, [open]);
}

/** What can be done on what is shown now, by scope: each act once, that of the view shown last. */
export function shownBindings(): ReadonlyMap<string, readonly Binding[]> {
  const scopes = new Map<string, Map<string, Binding>>();
  for (const { bindings } of layers) {
    for (const binding of bindings) {
      if (binding.label === undefined) continue;
      const scope = scopes.get(binding.scope) ?? new Map();
      scopes.set(binding.scope, scope.set(binding.label, binding));
    }
  }
  return new Map([...scopes].map(([scope, bindings]) => [scope, [...bindings.values()]]));
}

/** `scope` is the heading in the list: "Everywhere", "Board", "Run"; `Dialog` for what works in an open dialog. */
export function useShortcuts(scope: string, bindings: readonly Binding[]): void {
  const latest = useRef(bindings);
  latest.current = bindings;
  useEffect(() => {
    const layer = {
      get bindings() {
        return latest.current.map((binding) => ({ ...binding, scope }));
      },
    };
    layers.add(layer);
    return () => {
      layers.delete(layer);
    };
  }, [scope]);
}

addEventListener('keydown', (event) => {
  const key = keyOf(event, isMac);
  if (key === null || event.defaultPrevented || event.isComposing) return;
  const target = event.target instanceof Element ? event.target : document.body;
  const now = event.timeStamp;
  const usable = [...layers]
    .flatMap(({ bindings }) => bindings)
    .filter(
      (binding) =>
        (held === 0 || binding.scope === DIALOG) &&
        (event.repeat ? binding.repeat === true : true) &&
        (!isSingleKey(binding.keys) || (singleKeys.get() && !takesKeys(target))) &&
        (!operates(key) || !isOperated(target)) &&
        (binding.when === undefined || binding.when()),
    );
  const found = match(now < pendingUntil ? pending : '', key, usable);
  pending = found.kind === 'wait' ? found.pending : '';
  pendingUntil = found.kind === 'wait' ? now + SEQUENCE_MS : 0;
  if (found.kind === 'none') return;
  event.preventDefault();
  if (found.kind === 'run') found.binding.run(event);
});

/** Fields, and lists that find their items by letter. */
function takesKeys(target: Element): boolean {
  return (
    target.closest('input:not([type="checkbox"], [type="radio"], [type="button"]), textarea, select, [role="menu"], [role="listbox"]') !==
      null ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}

const operates = (key: string): boolean => key === 'enter' || key === 'space' || key.startsWith('arrow');

/** What the browser itself answers these keys with: buttons, links, fields, menus. */
function isOperated(target: Element): boolean {
  return (
    target.matches(
      'button, a[href], input, textarea, select, summary, [role="tab"], [role="radio"], [role="slider"], [role="separator"]',
    ) ||
    target.closest('[role="menu"], [role="listbox"], [role="radiogroup"], [role="tablist"]') !== null ||
    (target instanceof HTMLElement && target.isContentEditable)
  );
}
