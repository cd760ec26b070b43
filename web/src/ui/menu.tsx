/** Menus. What draws one is loaded when the person reaches for it; until then a menu is its button. */
import { lazy, type ReactElement, Suspense, useState } from 'react';
import type { MenuEntry, MenuPopupProps, OpenerProps } from './popup-types.ts';

const loadPopup = () => import('./menu-popup.tsx');
const LazyPopup = lazy(async () => ({ default: (await loadPopup()).MenuPopup }));

/** A menu without a button of its own: for one that a key opens beside a card. */
export function MenuPopup(props: MenuPopupProps) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  return <Suspense>{wanted && <LazyPopup {...props} />}</Suspense>;
}

export interface MenuProps {
  readonly label: string;
  /** Read when the menu opens. */
  readonly entries: () => readonly MenuEntry[];
  readonly align?: 'start' | 'end';
  /** Draws the button: `(props) => <Button {...props} icon aria-label="More">…</Button>`. */
  readonly trigger: (props: OpenerProps) => ReactElement;
}

export function Menu({ label, entries, align = 'end', trigger }: MenuProps) {
  const [anchor, setAnchor] = useState<Element | null>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      {trigger({
        'aria-haspopup': 'menu',
        'aria-expanded': open,
        onPointerEnter: () => void loadPopup(),
        onFocus: () => void loadPopup(),
        onClick: (event) => {
          event.stopPropagation();
          setAnchor(event.currentTarget);
          setOpen(!open);
        },
      })}
      <MenuPopup open={open} onClose={() => setOpen(false)} anchor={anchor} label={label} entries={open ? entries() : []} align={align} />
    </>
  );
}
