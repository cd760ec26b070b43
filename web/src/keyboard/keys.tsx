import { keyCaps } from './match.ts';
import { isMac } from './shortcuts.ts';

/** Keys of a shortcut, one cap each: `<Keys of="mod+enter" />`. */
export function Keys({ of }: { of: string }) {
  const caps = keyCaps(of, isMac);
  return (
    <span className="inline-flex items-center gap-1 max-phone:hidden pointer-coarse:hidden" aria-hidden="true">
      {caps.map((cap, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: caps of one shortcut never change their places
        <kbd key={index}>{cap}</kbd>
      ))}
    </span>
  );
}
