/** Popovers: a small panel beside the button that opens it. What draws one is loaded when the person reaches for it. */
import { lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';
import type { OpenerProps, PopoverPanelProps } from './popup-types.ts';

const loadPanel = () => import('./popover-panel.tsx');
const LazyPanel = lazy(async () => ({ default: (await loadPanel()).PopoverPanel }));

/** A popover without a button of its own. */
export function PopoverPanel(props: PopoverPanelProps) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  return <Suspense>{wanted && <LazyPanel {...props} />}</Suspense>;
}

export interface PopoverProps {
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  readonly width?: number;
  /** Draws the button: `(props) => <Button {...props} icon aria-label="Filter">…</Button>`. */
  readonly trigger: (props: OpenerProps) => ReactElement;
  /** What stands in it, drawn only while it is open. */
  readonly children: (close: () => void) => ReactNode;
}

export function Popover({ label, align = 'end', width, trigger, children }: PopoverProps) {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [open, setOpen] = useState(false);
  const close = () => setOpen(false);
  return (
    <>
      {trigger({
        'aria-haspopup': 'dialog',
        'aria-expanded': open,
        onPointerEnter: () => void loadPanel(),
        onFocus: () => void loadPanel(),
        onClick: (event) => {
          setAnchor(event.currentTarget);
          setOpen(!open);
        },
      })}
      <PopoverPanel open={open} onClose={close} anchor={anchor} label={label} align={align} {...(width === undefined ? {} : { width })}>
        {open && children(close)}
      </PopoverPanel>
    </>
  );
}
