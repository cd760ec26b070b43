/** The one place where rows of the port become rows of the database and back. */
import type { Insertable, Selectable, Updateable } from 'kysely';
import type { PortRows, Tables } from './tables.ts';

type Table = keyof PortRows;

interface Shape {
  readonly json: readonly string[];
  readonly boolean: readonly string[];
  /** Columns that only the database knows. */
  readonly own: readonly string[];
}

const SHAPES: { readonly [T in Table]: Shape } = {
  projects: { json: ['egress', 'egress_allowed'] satisfies (keyof PortRows['projects'])[], boolean: [], own: [] },
  workspaces: { json: [], boolean: [], own: [] },
  runs: {
    json: ['waiting', 'egress', 'egress_allowed', 'egress_refused', 'next_attempt', 'ports', 'images'] satisfies (keyof PortRows['runs'])[],
    boolean: ['plan_first', 'use_worktree', 'archived', 'cancel_requested'] satisfies (keyof PortRows['runs'])[],
    own: ['number'],
  },
  attempts: {
    json: ['caps'] satisfies (keyof PortRows['attempts'])[],
    boolean: ['resumable'] satisfies (keyof PortRows['attempts'])[],
    own: [],
  },
  questions: { json: ['items', 'answers'] satisfies (keyof PortRows['questions'])[], boolean: [], own: [] },
  follow_ups: {
    json: ['images'] satisfies (keyof PortRows['follow_ups'])[],
    boolean: ['now'] satisfies (keyof PortRows['follow_ups'])[],
    own: [],
  },
  attachments: { json: [], boolean: [], own: [] },
  model_calls: { json: [], boolean: [], own: ['profile', 'first_of_run', 'first_of_model'] },
  egress_log: { json: [], boolean: ['allowed'] satisfies (keyof PortRows['egress_log'])[], own: ['number'] },
};

/** Fields that are undefined are left out. */
function toStored(table: Table, fields: object): Record<string, unknown> {
  const shape = SHAPES[table];
  const stored: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (value !== null && shape.json.includes(name)) stored[name] = JSON.stringify(value);
    else if (typeof value === 'boolean') stored[name] = value ? 1 : 0;
    else stored[name] = value;
  }
  return stored;
}

export function toInsert<T extends Table>(table: T, row: PortRows[T]): Insertable<Tables[T]> {
  return toStored(table, row) as Insertable<Tables[T]>;
}

export function toUpdate<T extends Table>(table: T, patch: Partial<PortRows[T]>): Updateable<Tables[T]> {
  return toStored(table, patch) as Updateable<Tables[T]>;
}

export function toPort<T extends Table>(table: T, stored: Selectable<Tables[T]>): PortRows[T] {
  const shape = SHAPES[table];
  const row: Record<string, unknown> = { ...stored };
  for (const name of shape.own) delete row[name];
  for (const name of shape.json) {
    const value = row[name];
    if (typeof value === 'string') row[name] = JSON.parse(value);
  }
  for (const name of shape.boolean) row[name] = row[name] === 1;
  return row as unknown as PortRows[T];
}

export function toPortRows<T extends Table>(table: T, stored: Selectable<Tables[T]>[]): PortRows[T][] {
  return stored.map((row) => toPort(table, row));
}

export function toPortOrNull<T extends Table>(table: T, stored: Selectable<Tables[T]> | undefined): PortRows[T] | null {
  return stored === undefined ? null : toPort(table, stored);
}
