/** Starts a server that breaks at one point, walks until it does, and looks at what is left. */
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach } from 'vitest';
import { type Gluon, startGluon, temporaryFolder } from '../support/gluon.ts';
import { git, sampleRepository } from '../support/repository.ts';
import { brokenInvariants } from './invariants.ts';
import { observe, workOnDisk } from './observe.ts';
import { TOUR, type TourState, type TourStep } from './tour.ts';

/** A restart repairs everything within this. */
export const REPAIR_MS = 10_000;

export interface Stage extends TourState {
  home: string;
  close(): Promise<void>;
}

export async function stage(): Promise<Stage> {
  const home = await temporaryFolder('home');
  const repository = await sampleRepository();
  const firstCommit = await git(repository, 'rev-parse', 'HEAD');
  return {
    home,
    repository,
    runs: new Map(),
    ledger: { accepted: [], mergesAsked: [], mayBeForgotten: [], work: [], firstCommit },
    async close() {
      await rm(home, { recursive: true, force: true });
      await rm(repository, { recursive: true, force: true });
    },
  };
}

/**
 * Registers the hooks of a file of tests: for each test a stage, and on it a server with the project `shop`. `running` names the server that
 * is to be stopped, for tests that put another one in its place.
 */
export function stageForEachTest(config: string, take: (given: { state: Stage; gluon: Gluon }) => void, running?: () => Gluon): void {
  let state: Stage;
  let gluon: Gluon;
  beforeEach(async () => {
    state = await stage();
    gluon = await startGluon({ home: state.home, config });
    await gluon.call('projects.add', { name: 'shop', path: state.repository });
    take({ state, gluon });
  });
  afterEach(async () => {
    await (running?.() ?? gluon).stop();
    await gluon.model.close();
    await state.close();
  });
}

/** A run of the fake agent that the invariants must find again. */
export async function submit(gluon: Gluon, state: Pick<TourState, 'ledger'>, prompt: string): Promise<string> {
  const run = await gluon.call('runs.create', { project: 'shop', prompt, agent: 'fake' });
  state.ledger.accepted.push(run.id);
  return run.id;
}

const isDead = (gluon: Gluon): boolean => gluon.server.exitCode !== null || gluon.server.signalCode !== null;

/** Walks until the server is dead: gives the step at which it died, or null when it lived to the end. */
export async function walkUntilDead(gluon: Gluon, state: TourState, steps: readonly TourStep[] = TOUR): Promise<TourStep | null> {
  const death = new Promise<'dead'>((resolve) => {
    if (isDead(gluon)) resolve('dead');
    gluon.server.once('exit', () => resolve('dead'));
  });
  for (const step of steps) {
    const walked = step.take(gluon, state).then(
      () => 'done' as const,
      async (error: unknown) => {
        // A refused connection is how a step hears of the death, a moment before we do.
        const end = await Promise.race([death, new Promise<'alive'>((resolve) => setTimeout(() => resolve('alive'), 500))]);
        if (end === 'alive') throw new Error(`step "${step.name}": ${String(error)}`, { cause: error });
        return 'dead' as const;
      },
    );
    if ((await Promise.race([walked, death])) === 'dead') {
      await walked;
      return step;
    }
  }
  return null;
}

/** A fault point that is on no person's way but on that of a start: the server has to be killed before, with an attempt alive. */
export const isOnTheWayOfAStart = (point: string): boolean => point.startsWith('reconcile.');

/** Restarts until the server lives; a fault of the start itself kills the first of them. */
export async function restarted(dead: Gluon, fault?: string): Promise<Gluon> {
  return dead.restart({ fault: fault ?? '' });
}

/** Waits until no invariant is broken; gives what is still broken after the time, and how long it took. */
export async function untilWhole(gluon: Gluon | null, state: Stage): Promise<{ broken: string[]; tookMs: number }> {
  const began = performance.now();
  for (;;) {
    const seen = await observe(state.home, state.repository, gluon?.server.pid ?? null);
    const broken = brokenInvariants(seen, state.ledger);
    const tookMs = performance.now() - began;
    if (broken.length === 0 || tookMs > REPAIR_MS) return { broken, tookMs };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export async function noteWork(state: Stage): Promise<void> {
  state.ledger.work.push(...(await workOnDisk(state.home)));
}

/** Life goes on: a new run is accepted and comes to its end. */
export async function oneMoreRun(gluon: Gluon, state: TourState): Promise<string> {
  const { items } = await gluon.call('projects.list', {});
  if (items.length === 0) await gluon.call('projects.add', { name: 'shop', path: state.repository });
  const id = await submit(gluon, state, 'write last.txt still here');
  const done = await gluon.until(id, (each) => each.status !== 'pending' && each.status !== 'running', 'the run after', 30_000);
  return `${done.status} ${done.outcome}`;
}

export async function quiet(gluon: Gluon, patienceMs = 20_000): Promise<void> {
  const end = performance.now() + patienceMs;
  for (;;) {
    const { items } = await gluon.call('runs.list', { archived: true });
    const busy = items.filter((run) => (run.status === 'running' && run.pending_questions === 0) || run.status === 'pending');
    if (busy.length === 0) return;
    if (performance.now() > end) throw new Error(`does not come to rest: ${JSON.stringify(busy, null, 1)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export { startGluon };
