/** Answers the program when it asks whether it may: questions go to people, plans are taken, and in plan mode nothing may change. */
import type { CanUseTool, PermissionResult } from '@anthropic-ai/claude-agent-sdk';
import type { AgentEvent } from '../../../ports/agent.ts';
import { answeredInput, questionItemsOf } from './questions.ts';
import { stringOf } from './sdk-message.ts';

export interface PermissionDesk {
  canUseTool: CanUseTool;
  /** False: nobody waits for this answer (any more). */
  answer(requestId: string, answers: Record<string, string[]>): boolean;
  /** The agent handed over a plan; its text when the tool carried it. */
  readonly plan: { text: string | null } | null;
  forgetPlan(): void;
}

const PLAN_TAKEN = 'The plan was handed to a person, who decides how to go on. Stop here.';
const PLAN_ONLY = 'This is plan mode: look, but do not change anything. Hand over the plan with ExitPlanMode.';

export function permissionDesk(mode: 'edit' | 'plan', sessionFolder: string, emit: (event: AgentEvent) => void): PermissionDesk {
  const waiting = new Map<string, (answers: Record<string, string[]>) => void>();
  let plan: { text: string | null } | null = null;

  const ask = (input: Record<string, unknown>, requestId: string, signal: AbortSignal): Promise<PermissionResult> =>
    new Promise((resolve) => {
      const withdraw = (): void => {
        if (!waiting.delete(requestId)) return;
        emit({ type: 'ask_cancelled', requestId });
        resolve({ behavior: 'deny', message: 'The question was withdrawn.' });
      };
      waiting.set(requestId, (answers) => {
        waiting.delete(requestId);
        signal.removeEventListener('abort', withdraw);
        resolve({ behavior: 'allow', updatedInput: answeredInput(input, answers) });
      });
      signal.addEventListener('abort', withdraw, { once: true });
      emit({ type: 'ask', requestId, items: questionItemsOf(input) });
      if (signal.aborted) withdraw();
    });

  const canUseTool: CanUseTool = async (name, input, { signal, requestId, toolUseID }) => {
    if (name === 'AskUserQuestion') return ask(input, requestId ?? toolUseID, signal);
    // The sandbox is the wall; a program that asks in edit mode is told to go on.
    if (mode === 'edit') return { behavior: 'allow', updatedInput: input };
    if (name === 'ExitPlanMode') {
      plan = { text: stringOf(input.plan) };
      return { behavior: 'deny', message: PLAN_TAKEN, interrupt: true };
    }
    const path = stringOf(input.file_path);
    const isPlanFile = name === 'Write' && path !== null && path.startsWith(`${sessionFolder}/plans/`) && !path.includes('/../');
    return isPlanFile ? { behavior: 'allow', updatedInput: input } : { behavior: 'deny', message: PLAN_ONLY };
  };

  return {
    canUseTool,
    answer(requestId, answers) {
      const resolve = waiting.get(requestId);
      resolve?.(answers);
      return resolve !== undefined;
    },
    get plan() {
      return plan;
    },
    forgetPlan() {
      plan = null;
    },
  };
}
