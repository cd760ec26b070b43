/** Sessions of browsers: begun with a token or a one-time code, known by a cookie, ended by time, by logout or by newer ones. */
import { GluonError } from '../contract/errors.ts';
import type { CallContext } from '../contract/handlers.ts';
import type { OperationOutput } from '../contract/operations.ts';
import type { Session } from '../contract/web-resources.ts';
import type { WebSession } from '../contract/web-session.ts';
import type { SessionRow } from '../ports/web-store.ts';
import { type Deps, iso } from './deps.ts';
import { noteProblem } from './problems.ts';
import { unsubscribeSessions } from './push-subscriptions.ts';
import { type Unit, type UnitDeps, unitOfWork } from './unit-of-work.ts';

type Role = WebSession['role'];
type SessionDeps = UnitDeps & Pick<Deps, 'log' | 'clock' | 'random'>;

export interface WebSessionsOptions {
  /** Whose bearer token that is; null: nobody's. */
  identify(token: string): { name: string; role: Role | 'public' } | null;
  /** SHA-256, hex. */
  digest(secret: string): string;
}

export interface WebSessions {
  /** Reads what was kept; before it nobody has a session. */
  load(): Promise<void>;
  /** As the server asks it: at once. */
  check(token: string): { session: WebSession; renewed: boolean } | null;
  onEnd(listener: (id: string) => void): void;
  readonly seconds: number;
  /** Throws `login_refused`. */
  login(input: { token?: string | undefined; code?: string | undefined }, context: CallContext): Promise<Session>;
  logout(context: CallContext): Promise<void>;
  /** Throws `forbidden` for a browser: a session must not beget sessions. */
  loginLink(address: string, context: CallContext): OperationOutput<'auth.login_link'>;
  /** Ends no further session by time. */
  close(): void;
}

const DAY_MS = 86_400_000;
/** From its last use, and from its beginning however often it is used. */
const LIFE_MS = 30 * DAY_MS;
const WHOLE_LIFE_MS = 90 * DAY_MS;
/** Those that end by time are looked for at least so often: a clock may be set, and a timer stands still while a computer sleeps. */
const LOOK_MS = 3_600_000;
const AFTER_FAILURE_MS = 60_000;
/** More browsers than a person has; the oldest sessions give way. */
const MOST_SESSIONS = 50;
const CODE_LIFE_MS = 60_000;
const MOST_CODES = 20;

export function webSessions(deps: SessionDeps, options: WebSessionsOptions): WebSessions {
  const known = new Map<string, SessionRow>();
  const codes = new Map<string, { user: string; role: Role; untilMs: number }>();
  const listeners: ((id: string) => void)[] = [];

  let cancel: (() => void) | null = null;
  let closed = false;

  function tell(ids: readonly string[]): void {
    for (const id of ids) for (const listener of listeners) listener(id);
  }

  function forget(ids: readonly string[]): void {
    for (const id of ids) known.delete(id);
    tell(ids);
  }

  const endedAt = (nowMs: number): string[] => [...known.values()].filter((one) => one.expires_at_ms <= nowMs).map((one) => one.id);

  /** One timer for all of them, until the first end. */
  function watch(leastMs = 0): void {
    cancel?.();
    cancel = null;
    if (closed || known.size === 0) return;
    const firstMs = Math.min(...[...known.values()].map((one) => one.expires_at_ms)) - deps.clock.nowMs();
    cancel = deps.clock.after(Math.min(Math.max(firstMs, leastMs, 0), LOOK_MS), () => void endByTime());
  }

  async function endByTime(): Promise<void> {
    const ended = endedAt(deps.clock.nowMs());
    // What is open ends now; rows that cannot be taken away let nobody in meanwhile.
    tell(ended);
    try {
      if (ended.length > 0) await unitOfWork(deps, (unit) => remove(unit, ended));
      for (const id of ended) known.delete(id);
      watch();
    } catch (error) {
      await noteProblem(deps, 'session', error);
      watch(AFTER_FAILURE_MS);
    }
  }

  /** At most once a day: a page asks often. */
  function renew(row: SessionRow, nowMs: number): boolean {
    const untilMs = Math.min(nowMs + LIFE_MS, row.created_at_ms + WHOLE_LIFE_MS);
    if (row.expires_at_ms - nowMs > LIFE_MS - DAY_MS || untilMs <= row.expires_at_ms) return false;
    row.expires_at_ms = untilMs;
    deps.store
      .transaction((tx) => tx.extendWebSession(row.id, row.expires_at_ms), { survives: 'process' })
      .catch((error: unknown) => noteProblem(deps, 'session', error));
    return true;
  }

  function whoLogsIn(input: { token?: string | undefined; code?: string | undefined }): { user: string; role: Role } {
    if (input.token !== undefined) {
      const identity = options.identify(input.token);
      if (identity !== null && identity.role !== 'public') return { user: identity.name, role: identity.role };
    }
    const hash = options.digest(input.code ?? '');
    const code = codes.get(hash);
    // Used once, whatever comes of it.
    codes.delete(hash);
    if (code === undefined || deps.clock.monotonicMs() >= code.untilMs) throw new GluonError('login_refused');
    return { user: code.user, role: code.role };
  }

  async function begin(
    who: { user: string; role: Role; secure: boolean },
    before: string | null,
  ): Promise<{ row: SessionRow; token: string }> {
    const nowMs = deps.clock.nowMs();
    const token = deps.random.token();
    const row: SessionRow = {
      ...who,
      id: options.digest(token),
      csrf: deps.random.token(),
      created_at_ms: nowMs,
      expires_at_ms: nowMs + LIFE_MS,
    };
    const late = endedAt(nowMs);
    const ended = before === null || !known.has(before) || late.includes(before) ? late : [...late, before];
    const left = [...known.keys()].filter((id) => !ended.includes(id));
    const surplus = left.slice(0, Math.max(0, left.length + 1 - MOST_SESSIONS));
    await unitOfWork(deps, async (unit) => {
      await remove(unit, [...ended, ...surplus]);
      await unit.tx.insertWebSession(row);
    });
    forget([...ended, ...surplus]);
    known.set(row.id, row);
    watch();
    return { row, token };
  }

  return {
    seconds: LIFE_MS / 1000,
    async load() {
      const nowMs = deps.clock.nowMs();
      for (const row of await deps.store.webSessions())
        known.set(row.id, { ...row, expires_at_ms: Math.min(row.expires_at_ms, row.created_at_ms + WHOLE_LIFE_MS) });
      const ended = endedAt(nowMs);
      if (ended.length > 0) await unitOfWork(deps, (unit) => remove(unit, ended));
      for (const id of ended) known.delete(id);
      watch();
    },
    check(token) {
      const row = known.get(options.digest(token));
      const nowMs = deps.clock.nowMs();
      if (row === undefined || row.expires_at_ms <= nowMs) return null;
      const renewed = renew(row, nowMs);
      return { session: { ...row, expiresAtMs: row.expires_at_ms }, renewed };
    },
    onEnd: (listener) => void listeners.push(listener),
    async login(input, context) {
      const { row, token } = await begin({ ...whoLogsIn(input), secure: context.secure }, context.session?.id ?? null);
      context.setSession(token);
      return { user: { name: row.user, role: row.role }, csrf: row.csrf, expires_at: iso(row.expires_at_ms) };
    },
    async logout(context) {
      context.setSession(null);
      const id = context.session?.id;
      if (id === undefined) return;
      await unitOfWork(deps, (unit) => remove(unit, [id]));
      forget([id]);
    },
    loginLink(address, context) {
      if (context.session !== null) throw new GluonError('forbidden', { why: 'a login link is made with a token, not in a browser' });
      if (context.role === 'public') throw new GluonError('forbidden', { why: 'it needs the role admin' });
      const code = deps.random.token();
      const oldest = codes.keys().next().value;
      if (codes.size >= MOST_CODES && oldest !== undefined) codes.delete(oldest);
      codes.set(options.digest(code), { user: context.user, role: context.role, untilMs: deps.clock.monotonicMs() + CODE_LIFE_MS });
      // Behind the "#": browsers send that part to nobody, and no log holds it.
      return { url: `${address}/#code=${code}`, expires_at: iso(deps.clock.nowMs() + CODE_LIFE_MS) };
    },
    close() {
      closed = true;
      cancel?.();
    },
  };
}

async function remove(unit: Unit, ids: readonly string[]): Promise<void> {
  await unsubscribeSessions(unit, ids);
  await unit.tx.deleteWebSessions(ids);
}

/** The session of the request. Throws `no_session` for a bearer token. */
export function shownSession(context: CallContext): Session {
  const { session } = context;
  if (session === null || context.role === 'public') throw new GluonError('no_session');
  return { user: { name: context.user, role: context.role }, csrf: session.csrf, expires_at: iso(session.expiresAtMs) };
}
