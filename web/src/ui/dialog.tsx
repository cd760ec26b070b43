/**
 * Dialogs: focus stays inside, `Esc` closes, who opened it gets the focus back. On a phone they are sheets at the bottom.
 * Whoever shows one loads it when it is first wanted: nothing of it belongs to the first load of the page.
 */
import { AlertDialog as BaseAlert } from '@base-ui/react/alert-dialog';
import { Dialog as Base } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { CSSProperties, ReactNode, RefObject } from 'react';
import { useHeldPageKeys } from '../keyboard/shortcuts.ts';
import { Button } from './button.tsx';
import { cx } from './class-names.ts';
import './dialog.css';

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** Its heading, and its name for a screen reader. */
  readonly title: ReactNode;
  /** Beside the heading: an icon before it, something behind it. */
  readonly before?: ReactNode;
  readonly after?: ReactNode;
  /** Buttons; the text on the left comes first. */
  readonly footer?: ReactNode;
  /** Pixels; never wider than the window. */
  readonly width?: number;
  /** `you`: it is the person's turn (iris). `bare`: no head; the title is only read aloud. */
  readonly look?: 'plain' | 'you' | 'bare';
  /** `top`: its upper edge stays where it is while it grows. */
  readonly place?: 'middle' | 'top';
  readonly initialFocus?: RefObject<HTMLElement | null> | (() => HTMLElement | null);
  readonly closeLabel?: string;
  readonly children: ReactNode;
}

export function Dialog({
  open,
  onClose,
  title,
  before,
  after,
  footer,
  width = 560,
  look = 'plain',
  place = 'middle',
  initialFocus,
  closeLabel = 'Close',
  children,
}: DialogProps) {
  useHeldPageKeys(open);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next, { event }) => {
        if (!next && !isToast(event.target)) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="dialog-scrim" />
        <Base.Popup
          className={cx('dialog', place === 'top' && 'dialog-top')}
          style={widthOf(width)}
          {...(initialFocus === undefined ? {} : { initialFocus })}
        >
          {look === 'bare' ? (
            <Base.Title className="sr">{title}</Base.Title>
          ) : (
            <header className={cx('dialog-head', look === 'you' && 'dialog-head-you')}>
              {before}
              <Base.Title className="text-h3 font-semibold tracking-(--track-head)">{title}</Base.Title>
              <div className="flex min-w-0 flex-1 items-center gap-2.5">{after}</div>
              <Base.Close render={<Button icon aria-label={closeLabel} />}>
                <X size={16} strokeWidth={1.75} />
              </Base.Close>
            </header>
          )}
          {children}
          {footer !== undefined && <footer className="dialog-foot">{footer}</footer>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

export interface AlertDialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  /** A question that names the thing: "Stop “Fix sign-up”?" */
  readonly title: string;
  /** What follows from it, and what stays. */
  readonly children: ReactNode;
  /** The verb: "Stop the run". */
  readonly action: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  readonly onAction: () => void;
}

/** Asks before something that cannot be taken back. The focus stands on "Cancel". */
export function AlertDialog({ open, onClose, title, children, action, danger = true, busy = false, onAction }: AlertDialogProps) {
  useHeldPageKeys(open);
  return (
    <BaseAlert.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop className="dialog-scrim" />
        <BaseAlert.Popup className="dialog" style={widthOf(420)}>
          <div className="grid gap-1.5 px-5 pt-4 pb-4">
            <BaseAlert.Title className="text-h3 font-semibold tracking-(--track-head) break-words">{title}</BaseAlert.Title>
            <BaseAlert.Description render={<div />} className="text-fg-2">
              {children}
            </BaseAlert.Description>
          </div>
          <footer className="dialog-foot justify-end">
            <BaseAlert.Close render={<Button />}>Cancel</BaseAlert.Close>
            <Button kind={danger ? 'danger' : 'primary'} busy={busy} onClick={onAction}>
              {action}
            </Button>
          </footer>
        </BaseAlert.Popup>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}

/** A sheet on a phone is as wide as the window, whatever its width elsewhere. */
function widthOf(width: number): CSSProperties {
  return { '--dialog-width': `${width}px` } as CSSProperties;
}

/** A message is read and closed over the dialog: that is no press beside it. */
function isToast(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('section[aria-label="Messages"]') !== null;
}
