import { describe, expect, it } from 'vitest';
import type { RunCard } from '../../../src/contract/web-resources.ts';
import { card, question } from './card.fixture.ts';
import type { Status } from './columns.ts';
import { needsYou, type Placement, place } from './placement.ts';

const ALL = { projects: null, needsYou: false };
const NONE = new Map<string, Status>();
const at = (minute: number): string => `2026-01-01T10:${String(minute).padStart(2, '0')}:00.000Z`;

function titles(cards: readonly RunCard[], placement: Placement, status: Status): string[] {
  return placement.columns[status].map((id) => cards.find((each) => each.id === id)?.title ?? '?');
}

describe('place', () => {
  it('puts what needs the person first: soonest question, parked question, what waits, the newest', () => {
    const cards = [
      card({ title: 'old', started_at: at(1) }),
      card({ title: 'new', started_at: at(9) }),
      card({ title: 'waits', started_at: at(0), waiting: { reason: 'capacity', detail: 'x', since: at(2) } }),
      card({ title: 'parked', open_question: question({ parked: true, expires_at: at(0) }) }),
      card({ title: 'later', open_question: question({ expires_at: at(8) }) }),
      card({ title: 'sooner', open_question: question({ expires_at: at(6) }) }),
    ];
    expect(titles(cards, place(cards, ALL, NONE), 'running')).toEqual(['sooner', 'later', 'parked', 'waits', 'new', 'old']);
  });

  it('keeps the queue in the order in which runs start', () => {
    const slot = { reason: 'slot', detail: '', since: at(0) } as const;
    const cards = [
      card({ title: 'scheduled', status: 'pending', created_at: at(0), waiting: { ...slot, reason: 'schedule' } }),
      card({ title: 'second', status: 'pending', created_at: at(2), waiting: slot }),
      card({ title: 'first', status: 'pending', created_at: at(1) }),
    ];
    expect(titles(cards, place(cards, ALL, NONE), 'pending')).toEqual(['first', 'second', 'scheduled']);
  });

  it('shows ended runs newest first', () => {
    const cards = [1, 3, 2].map((minute) => card({ title: String(minute), status: 'completed', ended_at: at(minute) }));
    expect(titles(cards, place(cards, ALL, NONE), 'completed')).toEqual(['3', '2', '1']);
  });

  it('leaves out archived runs and other projects, and counts within the scope', () => {
    const cards = [
      card({ title: 'shown', status: 'review' }),
      card({ title: 'archived', status: 'review', archived: true }),
      card({ title: 'elsewhere', status: 'review', project_id: 'p2' }),
      card({ title: 'works' }),
    ];
    const placement = place(cards, { projects: new Set(['p1']), needsYou: false }, NONE);
    expect(titles(cards, placement, 'review')).toEqual(['shown']);
    expect(placement).toMatchObject({ all: 2, needsYou: 1 });
    const turns = place(cards, { projects: new Set(['p1']), needsYou: true }, NONE);
    expect(turns.columns.running).toEqual([]);
    expect(turns).toMatchObject({ all: 2, needsYou: 1 });
  });

  it('a project is meant by its id or its name', () => {
    const cards = [card({ project: 'infra', project_id: 'p3' }), card()];
    expect(place(cards, { projects: new Set(['infra']), needsYou: false }, NONE).all).toBe(1);
    expect(place(cards, { projects: new Set(['p3', 'p1']), needsYou: false }, NONE).all).toBe(2);
    expect(place(cards, { projects: new Set(), needsYou: false }, NONE).all).toBe(0);
  });

  it('shows a card that is on the move where it is going', () => {
    const moved = card({ status: 'review' });
    const placement = place([moved], ALL, new Map([[moved.id, 'completed']]));
    expect(placement.columns.review).toEqual([]);
    expect(placement.columns.completed).toEqual([moved.id]);
  });

  it('gives back the same column when nothing in it changed', () => {
    const cards = [card(), card({ status: 'review' })];
    const before = place(cards, ALL, NONE);
    const after = place([...cards, card({ status: 'review' })], ALL, NONE, before);
    expect(after.columns.running).toBe(before.columns.running);
    expect(after.columns.review).not.toBe(before.columns.review);
  });
});

describe('needsYou', () => {
  it('is a question, or work to look at, and nothing that is off the board', () => {
    expect(needsYou(card({ open_question: question() }))).toBe(true);
    expect(needsYou(card({ status: 'review' }))).toBe(true);
    expect(needsYou(card())).toBe(false);
    expect(needsYou(card({ status: 'failed', unread: true }))).toBe(false);
    expect(needsYou(card({ status: 'review', archived: true }))).toBe(false);
  });
});
