/** An attempt is one life of one agent process inside a run. */

export const ATTEMPT_KINDS = ['start', 'resume', 'iteration', 'step', 'recovery', 'fix', 'review', 'resolve'] as const;
export type AttemptKind = (typeof ATTEMPT_KINDS)[number];

export const ATTEMPT_STATES = ['live', 'ended'] as const;
export type AttemptState = (typeof ATTEMPT_STATES)[number];

export const SANDBOX_LEVELS = ['strict', 'standard', 'none'] as const;
export type SandboxLevel = (typeof SANDBOX_LEVELS)[number];
