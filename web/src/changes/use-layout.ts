/** What there is room for, and what the person chose: the choice is this browser's own. */
import { type RefCallback, useState } from 'react';
import type { Layout } from './diff/rows.ts';
import { useWidth } from './use-width.ts';

const KEY = 'gluon.diff-layout';
const TREE_PX = 256;
/** With less the tree becomes a drawer. */
const ROOM_FOR_TREE = 840;
/** With less in the diff itself there are no two sides. */
const ROOM_FOR_SPLIT = 860;
const PHONE_PX = 560;

export interface ChangeLayout {
  readonly box: RefCallback<HTMLDivElement>;
  /** Of the diff, in pixels. */
  readonly width: number;
  /** The tree has no room of its own. */
  readonly narrow: boolean;
  readonly layout: Layout;
  readonly splits: boolean;
  readonly setLayout: (layout: Layout) => void;
  /** Pixels of numbers and mark in front of the code. */
  readonly gutter: number;
}

export function useLayout(): ChangeLayout {
  const [box, all] = useWidth<HTMLDivElement>();
  const [chosen, setChosen] = useState<Layout>(() => (localStorage.getItem(KEY) === 'unified' ? 'unified' : 'split'));
  const narrow = all < ROOM_FOR_TREE;
  const width = narrow ? all : all - TREE_PX;
  const splits = width >= ROOM_FOR_SPLIT;
  const layout = splits ? chosen : 'unified';
  return {
    box,
    width,
    narrow,
    layout,
    splits,
    setLayout: (next) => {
      localStorage.setItem(KEY, next);
      setChosen(next);
    },
    gutter: layout === 'split' ? 54 : oneNumber(width) ? 54 : 92,
  };
}

/** A phone has room for one column of numbers. */
export function oneNumber(width: number): boolean {
  return width < PHONE_PX;
}
