import { Menu as Base } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import { useRef } from 'react';
import { useHeldPageKeys } from '../keyboard/shortcuts.ts';
import { cx } from './class-names.ts';
import type { MenuEntry, MenuItem, MenuPopupProps } from './popup-types.ts';
import './popup.css';

export function MenuPopup({ open, onClose, anchor, label, entries, align = 'end' }: MenuPopupProps) {
  useHeldPageKeys(open);
  // While it fades out it shows what it had.
  const last = useRef(entries);
  if (open) last.current = entries;
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Positioner className="popup-place" anchor={anchor} align={align} sideOffset={4} collisionPadding={8}>
          <Base.Popup className="popup popup-menu" aria-label={label} finalFocus={() => (anchor instanceof HTMLElement ? anchor : true)}>
            {last.current.map((entry) => (
              <Entry key={entryKey(entry)} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ entry }: { entry: MenuEntry }) {
  if (entry === 'line') return <Base.Separator className="popup-line" />;
  if ('heading' in entry) return <div className="popup-heading">{entry.heading}</div>;
  return (
    <Base.Item
      className={cx('popup-item', entry.danger === true && 'text-failed-fg')}
      disabled={entry.refused !== undefined}
      onClick={entry.run}
      label={entry.label}
      role={entry.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={entry.checked}
    >
      {entry.icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{entry.label}</span>
        {entry.refused !== undefined && <span className="block text-micro whitespace-normal text-fg-3">{entry.refused}</span>}
      </span>
      {entry.hint !== undefined && <span className="num text-micro text-fg-3">{entry.hint}</span>}
      {entry.checked === true && <Check size={14} strokeWidth={1.75} />}
    </Base.Item>
  );
}

function entryKey(entry: MenuEntry): string {
  if (entry === 'line') return 'line';
  return 'heading' in entry ? `# ${entry.heading}` : (entry satisfies MenuItem).label;
}
