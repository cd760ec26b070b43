/** The list of shortcuts: what the keys do on what is shown now. */
import { useState } from 'react';
import { Dialog } from '../ui/dialog.tsx';
import { useSignal } from '../ui/signal.ts';
import { Switch } from '../ui/switch.tsx';
import { keyCaps } from './match.ts';
import { shortcutList } from './open-shortcuts.ts';
import { isMac, setSingleKeys, shownBindings, singleKeys } from './shortcuts.ts';

export function ShortcutList() {
  const open = useSignal(shortcutList);
  return (
    <Dialog open={open} onClose={() => shortcutList.set(false)} title="Shortcuts" width={640}>
      <Listed />
    </Dialog>
  );
}

function Listed() {
  // Of the moment in which the list opened.
  const [scopes] = useState(() => [...shownBindings()].filter(([, bindings]) => bindings.some(({ keys }) => keys !== '')));
  const on = useSignal(singleKeys);
  return (
    <div className="min-h-0 flex-1 overflow-auto overscroll-contain px-5 pb-5">
      <div className="columns-2 gap-8 max-phone:columns-1">
        {scopes.map(([scope, bindings]) => (
          <section key={scope} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-small font-medium text-fg-2">{scope}</h3>
            <dl>
              {bindings
                .filter(({ keys }) => keys !== '')
                .map(({ keys, label }) => (
                  <div key={label} className="flex min-h-7 items-center gap-3">
                    <dt className="min-w-0 flex-1">{label}</dt>
                    <dd className="flex flex-none gap-1">
                      {keyCaps(keys, isMac).map((cap, index) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: caps of one shortcut never change their places
                        <kbd key={index}>{cap}</kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
      <label htmlFor="single-keys" className="flex items-center gap-3 border-t border-line-subtle pt-3">
        <span className="min-w-0 flex-1">
          <span className="block font-medium">Single keys</span>
          <span className="block text-small text-fg-3">Off: keys that type something do nothing by themselves</span>
        </span>
        <Switch id="single-keys" checked={on} onChange={setSingleKeys} />
      </label>
    </div>
  );
}
