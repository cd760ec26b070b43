/** Dragging with a mouse. The browser's own picture of the card is switched off: the lifted card is ours, so that it can glide back. */
import { draggable, dropTargetForElements } from '@atlaskit/pragmatic-drag-and-drop/element/adapter';
import { disableNativeDragPreview } from '@atlaskit/pragmatic-drag-and-drop/element/disable-native-drag-preview';
import { preventUnhandled } from '@atlaskit/pragmatic-drag-and-drop/prevent-unhandled';
import type { Status } from './columns.ts';
import { canMove, drag, holdOver } from './drag.ts';
import { type HeldCard, hold } from './held-card.ts';
import { usesFinger } from './touch-drag.ts';

/** Makes a card one that can be dragged; returns what takes that back. */
export function dragCard(element: HTMLElement, id: string): () => void {
  let held: HeldCard | null = null;
  const stop = draggable({
    element,
    // A finger has a way of its own; a browser that would drag by a long press must not.
    canDrag: () => !usesFinger() && drag.get() === null && canMove(id),
    getInitialData: () => ({ run: id }),
    onGenerateDragPreview: ({ nativeSetDragImage }) => disableNativeDragPreview({ nativeSetDragImage }),
    onDragStart({ location }) {
      preventUnhandled.start();
      const { clientX, clientY } = location.initial.input;
      held = hold(id, element, 'mouse', clientX, clientY);
    },
    onDrag({ location }) {
      const { clientX, clientY } = location.current.input;
      held?.moveTo(clientX, clientY);
    },
    onDropTargetChange({ location }) {
      holdOver(statusOf(location.current.dropTargets));
    },
    onDrop({ location }) {
      preventUnhandled.stop();
      held?.drop(statusOf(location.current.dropTargets));
      held = null;
    },
  });
  return () => {
    stop();
    // It went from the board while it was held: its drop will never be told.
    if (held === null) return;
    preventUnhandled.stop();
    held.drop(null);
    held = null;
  };
}

/** Makes a column one that takes cards. Illegal ones take them too, to say why not. */
export function dropColumn(element: HTMLElement, status: Status): () => void {
  return dropTargetForElements({ element, getData: () => ({ status }) });
}

function statusOf(targets: readonly { readonly data: Record<string | symbol, unknown> }[]): Status | null {
  return (targets[0]?.data.status as Status | undefined) ?? null;
}
