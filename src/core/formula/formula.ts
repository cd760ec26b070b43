/** A formula: named steps that one run takes one after the other. */

export const ON_FAILURE = ['stop', 'continue', 'retry'] as const;
export const STEP_PROFILES = ['quick', 'standard', 'deep', 'planning', 'review'] as const;

export interface FormulaVariable {
  readonly name: string;
  readonly required: boolean;
  readonly default: string | null;
  readonly help: string;
}

export interface FormulaStep {
  readonly id: string;
  readonly name: string;
  readonly prompt: string;
  readonly dependsOn: readonly string[];
  readonly profile: (typeof STEP_PROFILES)[number];
  /** Command that must succeed before the step counts as done; null: none. */
  readonly verify: string | null;
  readonly onFailure: (typeof ON_FAILURE)[number];
}

export interface Formula {
  readonly name: string;
  readonly description: string;
  readonly useWorktree: boolean;
  readonly variables: readonly FormulaVariable[];
  /** In the order in which they run: after what they depend on, else as written. */
  readonly steps: readonly FormulaStep[];
}
