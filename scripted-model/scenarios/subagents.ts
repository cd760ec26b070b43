/** Scenarios in which the agent starts others. A subagent has a conversation of its own, with its own marker. */
import { call, calls, say } from '../steps.ts';
import type { Scenarios } from '../types.ts';

function agentInput(prompt: string, background: boolean, description: string): object {
  return { subagent_type: 'general-purpose', description, prompt, run_in_background: background };
}

const WORK = (file: string): string => `SCENARIO:edit{"file":"${file}"}`;

export const subagentScenarios: Scenarios = {
  subagent: [call('Agent', agentInput(WORK('sub.txt'), false, 'Write sub.txt')), say('The subagent is done.')],
  subagent_background: [
    call('Agent', agentInput(WORK('background.txt'), true, 'Write background.txt')),
    say('I go on while it works.'),
    say('The background agent is done too.'),
  ],
  subagents: [
    calls(
      ['Agent', agentInput(WORK('one.txt'), false, 'Write one.txt')],
      ['Agent', agentInput(WORK('two.txt'), false, 'Write two.txt')],
      ['Agent', agentInput(WORK('three.txt'), false, 'Write three.txt')],
    ),
    say('All three are done.'),
  ],
};
