/** The one owner of starting again: the one counter and the one cap of automatic resumes, whoever asks. */
import type { AttemptKind } from '../core/run/attempt.ts';
import type { RunStatus } from '../core/run/status.ts';
import type { Waiting } from '../core/run/waiting.ts';
import type { RunRow } from '../ports/store.ts';
import type { Unit } from './unit-of-work.ts';

export interface Restart {
  kind: AttemptKind;
  prompt: string;
  images: string[];
  /** Continue the run's session; false begins a new one. */
  resume: boolean;
  notBefore: string | null;
  waiting: Waiting | null;
  /** Who asks. */
  by: string;
  /** True: nobody asked in person, it counts against the cap. */
  automatic: boolean;
  why: string;
  at: string;
}

/**
 * Puts a run back into the queue. False: the run had changed meanwhile (status or epoch), or the cap of automatic resumes is reached;
 * then nothing was written.
 */
export async function queueRun(
  unit: Unit,
  run: RunRow,
  restart: Restart,
  limits: { maxAutoResumes: number },
  expect: { status: RunStatus | RunStatus[] },
): Promise<boolean> {
  if (restart.automatic && run.auto_resumes >= limits.maxAutoResumes) return false;
  const done = await unit.updateRun(
    run.id,
    {
      status: 'pending',
      waiting: restart.waiting,
      archived: false,
      queued_at: restart.at,
      auto_resumes: run.auto_resumes + (restart.automatic ? 1 : 0),
      next_attempt: {
        kind: restart.kind,
        prompt: restart.prompt,
        images: restart.images,
        resume: restart.resume,
        not_before: restart.notBefore,
        by: restart.by,
      },
    },
    { status: expect.status, epoch: run.epoch },
  );
  if (done) await unit.record('run.queued', { why: restart.why }, { runId: run.id, actor: restart.by });
  return done;
}
