/** Named places at which a test driver ends the process or makes a step fail. */
import type { FaultPoint } from '../../ports/system.ts';

/** Nothing happens at any point: every real start. */
export const noFaults: FaultPoint = async () => {};

export type FaultPlan = { point: string; visit: number; action: 'kill' | 'fail' | 'hold' } | 'trace';

/**
 * `POINT@VISIT=kill|fail|hold`, for example `finish.before-write@1=kill`; or `trace`, which names each point as it is passed. Throws on
 * anything else: a test that aims at nothing proves nothing.
 */
export function parseFaultPlan(text: string): FaultPlan {
  if (text === 'trace') return text;
  const match = /^([a-z-]+\.[a-z-]+)@(\d+)=(kill|fail|hold)$/.exec(text);
  const [, point, visit, action] = match ?? [];
  if (point === undefined || visit === undefined || !isAction(action)) throw new Error(`not a fault plan: ${text}`);
  return { point, visit: Number(visit), action };
}

const ACTIONS = ['kill', 'fail', 'hold'] as const;
const isAction = (text: string | undefined): text is (typeof ACTIONS)[number] => ACTIONS.some((action) => action === text);

export function faultPoints(plan: FaultPlan): FaultPoint {
  if (plan === 'trace')
    return async (name) => {
      process.stderr.write(`passed ${name}\n`);
    };
  let visits = 0;
  return async (name) => {
    if (name !== plan.point) return;
    visits += 1;
    if (visits !== plan.visit) return;
    // The driver sees that the point was reached, and in which of its steps.
    process.stderr.write(`fault injected at ${name}\n`);
    // As a power cut would: no handler runs, nothing is flushed.
    if (plan.action === 'kill') process.kill(process.pid, 'SIGKILL');
    if (plan.action === 'fail') throw new Error(`fault injected at ${name}`);
    // The driver looks at what a server does meanwhile, then lets it go on.
    await new Promise<void>((resolve) => process.once('SIGUSR2', () => resolve()));
  };
}
