/** The embedded server: one process with scheduler, gateway and worker on one home. */
import { rm, writeFile } from 'node:fs/promises';
import { type OpenedHome, openHome } from '../adapters/home/open.ts';
import { systemClock } from '../adapters/system/clock.ts';
import { sha256 } from '../adapters/system/digest.ts';
import { faultPoints, noFaults, parseFaultPlan } from '../adapters/system/fault.ts';
import { fileLog } from '../adapters/system/log.ts';
import { systemRandom } from '../adapters/system/random.ts';
import type { Store } from '../ports/store.ts';
import type { Clock } from '../ports/system.ts';
import { createHttpServer } from '../server/http-server.ts';
import { tokenCheck } from '../server/tokens.ts';
import { now } from '../services/deps.ts';
import { handlers } from '../services/handlers.ts';
import { answerAgain, markingStore } from '../services/keyed-effects.ts';
import { noteProblem } from '../services/problems.ts';
import { pushCarrier } from '../services/push-notifications.ts';
import { reconcileAtStart, reconcileTick, type Unheld } from '../services/reconcile.ts';
import { retention } from '../services/retention.ts';
import { unitOfWork } from '../services/unit-of-work.ts';
import { webSessions } from '../services/web-sessions.ts';
import { type Composition, compose } from './compose.ts';
import { type OpenedThings, openedThings } from './opened-things.ts';
import { pageFolder } from './page-folder.ts';
import { liveRedaction } from './redaction.ts';

export interface ServerStart {
  /** The whole environment that counts, given explicitly: nothing below reads the process's own. */
  environment: Readonly<Record<string, string | undefined>>;
  userHome: string;
  version: string;
}

export interface RunningServer {
  readonly address: string;
  /** In good order: live attempts are ended, brought home and queued for the next start. */
  stop(): Promise<void>;
  readonly stopped: Promise<void>;
}

const TICK_MS = 5_000;
const RETENTION_TICK_MS = 60_000;
/** A polite stop of an agent takes up to 5 s; the import a little more. */
const STOP_GRACE_MS = 20_000;
const CONNECTIONS_GRACE_MS = 1_000;

/** Throws GluonError when the home or the port cannot be had; then nothing is left running. */
export async function startServer(start: ServerStart): Promise<RunningServer> {
  const clock = systemClock();
  const random = systemRandom();
  const home = await openHome({ environment: start.environment, userHome: start.userHome, random });
  const redaction = liveRedaction(home.token);
  const log = fileLog(`${home.path}/logs/server.log`, 'info', { redact: (line) => redaction.redact(line) });
  const opened = openedThings();
  opened.add(async () => log.close());
  opened.add(() => home.release());
  opened.add(() => rm(`${home.path}/server.json`, { force: true }));
  try {
    const plan = start.environment.GLUON_FAULT;
    const fault = plan === undefined || plan === '' ? noFaults : faultPoints(parseFaultPlan(plan));
    const world = { home, environment: start.environment, userHome: start.userHome, version: start.version };
    const composition = await compose({ ...world, clock, random, log, fault, redaction }, opened);
    log.setLevel(composition.deps.settings.get('log_level'));
    return await serve(start, composition, home, log, opened);
  } catch (error) {
    log.error({ err: error }, 'the server could not start');
    await opened.closeAll(log);
    throw error;
  }
}

async function serve(
  start: ServerStart,
  composition: Composition,
  home: OpenedHome,
  log: ReturnType<typeof fileLog>,
  opened: OpenedThings,
): Promise<RunningServer> {
  const { deps, meter } = composition;
  const { clock } = deps;
  let accepting = true;
  let starting = true;
  let requestStop = () => {};
  const identify = tokenCheck([{ token: home.token, name: 'owner', role: 'admin' }]);
  const sessions = webSessions(deps, { identify, digest: sha256 });
  await sessions.load();
  opened.add(async () => sessions.close());
  const controls = {
    pid: process.pid,
    startedAtMs: clock.nowMs(),
    address: () => http.address() ?? '',
    accepting: () => accepting,
    starting: () => starting,
    stop: () => requestStop(),
    sessions,
  };
  const page = pageFolder();
  if (page === undefined) log.warn({}, 'the page is not built: the server runs without it');
  const handlersOf = handlers(deps, controls);
  const http = await createHttpServer({
    pageFolder: page,
    handlers: handlersOf,
    bus: deps.bus,
    token: home.token,
    version: start.version,
    port: deps.settings.get('port'),
    starting: () => starting,
    sessions,
    clock,
    random: deps.random,
    log,
    idempotency: {
      find: (key) => deps.store.idempotent(key),
      save: (key, fingerprint, status, body) => deps.store.transaction((tx) => tx.saveIdempotent(key, fingerprint, status, body)),
      handlers: (key, fingerprint) => handlers({ ...deps, store: markingStore(deps.store, key, fingerprint) }, controls),
      again: (operation, made, context) => answerAgain(handlersOf, operation, made, context),
    },
  });
  opened.add(async () => {
    if (!starting) await unitOfWork(deps, (unit) => unit.record('server.stopped', {}, { actor: 'gluon' }));
  });
  opened.add(() => http.close(CONNECTIONS_GRACE_MS));
  const carrier = pushCarrier(deps);
  opened.add(() => carrier.stop());
  const unwatch = deps.settings.watch((why) => {
    unitOfWork(deps, (unit) => unit.record('config.rejected', { why }, { actor: 'gluon' })).catch((error: unknown) =>
      noteProblem(deps, 'settings', error),
    );
  });
  opened.add(async () => unwatch());
  // The address is taken before anything is repaired or started: a start that gets none must leave everything as it was. Until all is
  // mended, requests with an effect are told to come again.
  const { port } = await http.listen();
  await meter.recoverUnsettled();
  const unheld: Unheld = new Map();
  const unread = await runsToTakeIn(deps.store);
  await reconcileAtStart(deps, unheld);
  await unitOfWork(deps, async (unit) =>
    unit.record('server.started', { version: start.version, schema: await deps.store.schemaVersion() }, { actor: 'gluon' }),
  );
  const address = http.address() ?? '';
  await writeFile(`${home.path}/server.json`, JSON.stringify({ pid: process.pid, port, address, started_at: now(deps) }), { mode: 0o600 });
  const endRepairs = everyTick(clock, { firstMs: TICK_MS, pauseMs: TICK_MS }, async () => {
    await reconcileTick(deps, unheld).catch((error: unknown) => noteProblem(deps, 'reconcile', error));
    // What was repaired may wait for a place.
    deps.wake();
  });
  const endRetention = everyTick(clock, { firstMs: 0, pauseMs: RETENTION_TICK_MS }, retention(deps));
  starting = false;
  carrier.start();
  composition.digest.catchUp(unread).catch((error: unknown) => noteProblem(deps, 'transcript digest', error));
  composition.dispatcher.start();

  let stopping: Promise<void> | null = null;
  const stop = (): Promise<void> => {
    stopping ??= shutDown();
    return stopping;
  };
  requestStop = () => void clock.after(50, () => void stop());
  const { promise: stopped, resolve: markStopped } = Promise.withResolvers<void>();

  async function shutDown(): Promise<void> {
    accepting = false;
    const ticks = Promise.all([endRepairs(), endRetention()]);
    await composition.dispatcher.stop();
    const attempts = Promise.all(deps.live.all().map((attempt) => attempt.stop('shutdown'))).then(() => composition.atWork());
    await Promise.race([Promise.all([ticks, attempts]), clock.sleep(STOP_GRACE_MS)]);
    log.info({}, 'stopped');
    await opened.closeAll(log);
    markStopped();
  }

  return { address, stop, stopped };
}

const MOST_TAKEN_IN = 200;

/** Runs that lived when an earlier server ended, and the newest others: what of their transcripts is not in the index yet is taken in. */
async function runsToTakeIn(store: Store): Promise<string[]> {
  const [living, { items }] = await Promise.all([store.runsInState(['running']), store.listRuns({}, MOST_TAKEN_IN)]);
  return [...new Set([...living, ...items].map((run) => run.id))];
}

/** One tick at a time, the next only when the last is done. The returned function waits for the one that is at work. */
function everyTick(
  clock: Clock,
  { firstMs, pauseMs }: { firstMs: number; pauseMs: number },
  tick: () => Promise<void>,
): () => Promise<void> {
  let stopped = false;
  let atWork: Promise<void> = Promise.resolve();
  let cancel = clock.after(firstMs, again);
  function again(): void {
    atWork = tick().finally(() => {
      if (!stopped) cancel = clock.after(pauseMs, again);
    });
  }
  return () => {
    stopped = true;
    cancel();
    return atWork;
  };
}
