import { Popover as Base } from '@base-ui/react/popover';
import { useRef } from 'react';
import { useHeldPageKeys } from '../keyboard/shortcuts.ts';
import type { PopoverPanelProps } from './popup-types.ts';
import './popup.css';

export function PopoverPanel({ open, onClose, anchor, label, align = 'end', width = 320, children }: PopoverPanelProps) {
  useHeldPageKeys(open);
  // While it fades out it shows what it had.
  const last = useRef(children);
  if (open) last.current = children;
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, { event }) => {
        // A click on its own button closes it by the button.
        if (!next && !(event.target instanceof Node && anchor?.contains(event.target))) onClose();
      }}
    >
      <Base.Portal>
        <Base.Positioner className="popup-place" anchor={anchor} align={align} sideOffset={6} collisionPadding={8}>
          <Base.Popup
            className="popup"
            style={{ width, maxWidth: 'calc(100vw - 16px)' }}
            aria-label={label}
            finalFocus={() => (anchor instanceof HTMLElement ? anchor : true)}
          >
            {last.current}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
