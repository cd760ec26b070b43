/** Menus. What draws one is loaded when the person reaches for it; until then a menu is its button. */
import { type ButtonHTMLAttributes, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

export interface MenuItem {
  readonly label: string;
  /** 12 to 16 px. */
  readonly icon?: ReactNode;
  /** On the right: a figure, or the keys that do the same (`<Keys of="shift+f" />`). */
  readonly hint?: ReactNode;
  readonly danger?: boolean;
  /** Marks the one that is chosen; leave it out where nothing is chosen. */
  readonly checked?: boolean;
  /** Why it cannot be used now; it stays in its place, greyed. */
  readonly refused?: string;
  readonly run: () => void;
}

/** An item, a heading above items, or a line between them. */
export type MenuEntry = MenuItem | { readonly heading: string } | 'line';

export interface MenuPopupProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** What it belongs to: it stands beside it, and the focus returns there. */
  readonly anchor: Element | null;
  /** Its name for a screen reader. */
  readonly label: string;
  readonly entries: readonly MenuEntry[];
  readonly align?: 'start' | 'end';
}

const loadPopup = () => import('./menu-popup.tsx');
const LazyPopup = lazy(async () => ({ default: (await loadPopup()).MenuPopup }));

/** A menu without a button of its own: for one that a key opens beside a card. */
export function MenuPopup(props: MenuPopupProps) {
  const [wanted, setWanted] = useState(false);
  if (props.open && !wanted) setWanted(true);
  return <Suspense>{wanted && <LazyPopup {...props} />}</Suspense>;
}

/** The attributes of a button that opens something. */
export type OpenerProps = Pick<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'onClick' | 'onPointerEnter' | 'onFocus' | 'aria-haspopup' | 'aria-expanded'
>;

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
