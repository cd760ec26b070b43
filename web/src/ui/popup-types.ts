/** What menus and popovers are given, for the buttons that open them and for what draws them, which is loaded later. */
import type { ButtonHTMLAttributes, ReactNode } from 'react';

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

/** The attributes of a button that opens something. */
export type OpenerProps = Pick<
  ButtonHTMLAttributes<HTMLButtonElement>,
  'onClick' | 'onPointerEnter' | 'onFocus' | 'aria-haspopup' | 'aria-expanded'
>;

export interface PopoverPanelProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly anchor: Element | null;
  readonly label: string;
  readonly align?: 'start' | 'center' | 'end';
  /** Pixels; never wider than the window. */
  readonly width?: number;
  readonly children: ReactNode;
}
