/** Which binding a pressed key means. Pure: knows keys, not the document. */

/** What of a keyboard event counts. */
export interface Press {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const NAMED: Record<string, string> = { ' ': 'space', esc: 'escape' };

/**
 * A press as bindings write it: `n`, `shift+f`, `mod+k`, `space`, `arrowdown`, `?`, `[`. `mod` is Ctrl, on a Mac Command.
 * Null for what no binding can be: a modifier alone, Alt, the other of Ctrl and Command.
 */
export function keyOf(press: Press, mac: boolean): string | null {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const other = mac ? press.ctrlKey : press.metaKey;
  if (press.altKey || other || ['Shift', 'Control', 'Meta', 'Alt', 'Dead', 'Unidentified'].includes(press.key)) return null;
  let key = press.key.toLowerCase();
  // On keyboards of other scripts the key in the place of the Latin letter counts.
  if (key.length === 1 && key.charCodeAt(0) > 126) {
    const letter = /^Key([A-Z])$/.exec(press.code)?.[1];
    if (letter === undefined) return null;
    key = letter.toLowerCase();
  }
  key = NAMED[key] ?? key;
  // Signs such as `?` stand on different keys with and without Shift: the sign alone counts.
  const shift = press.shiftKey && (key.length > 1 || /[a-z]/.test(key));
  return `${mod ? 'mod+' : ''}${shift ? 'shift+' : ''}${key}`;
}

/** A key that types something: these can be switched off, and are off while typing. */
export function isSingleKey(keys: string): boolean {
  return keys.split(' ').some((key) => key.replace('shift+', '').length === 1 && !key.startsWith('mod+'));
}

export type Match<T> =
  | { readonly kind: 'run'; readonly binding: T }
  | { readonly kind: 'wait'; readonly pending: string }
  | { readonly kind: 'none' };

/**
 * `pending` are the keys of a begun sequence, as in `g` before `b`. The binding that was registered last wins. A key that does not
 * continue a sequence begins anew.
 */
export function match<T extends { readonly keys: string }>(pending: string, key: string, bindings: readonly T[]): Match<T> {
  const pressed = pending === '' ? key : `${pending} ${key}`;
  const found = bindings.findLast(({ keys }) => keys === pressed);
  if (found !== undefined) return { kind: 'run', binding: found };
  if (bindings.some(({ keys }) => keys.startsWith(`${pressed} `))) return { kind: 'wait', pending: pressed };
  return pending === '' ? { kind: 'none' } : match('', key, bindings);
}

const SHOWN: Record<string, string> = {
  escape: 'Esc',
  enter: '↵',
  space: 'Space',
  arrowup: '↑',
  arrowdown: '↓',
  arrowleft: '←',
  arrowright: '→',
  shift: '⇧',
};

/** Keys as they stand on the keyboard, one per cap: `mod+enter` → `⌘`, `↵` on a Mac, `Ctrl`, `↵` elsewhere. */
export function keyCaps(keys: string, mac: boolean): string[] {
  return keys
    .split(' ')
    .flatMap((chord) => chord.split('+').map((part) => (part === 'mod' ? (mac ? '⌘' : 'Ctrl') : (SHOWN[part] ?? part.toUpperCase()))));
}
