/** Every ready scenario by name. */
import type { Scenarios } from '../types.ts';
import { conversationScenarios } from './conversation.ts';
import { editScenarios } from './edits.ts';
import { failureScenarios } from './failures.ts';
import { outputScenarios } from './output.ts';
import { promptScenarios } from './prompt.ts';
import { subagentScenarios } from './subagents.ts';

export const LIBRARY: Scenarios = {
  ...promptScenarios,
  ...editScenarios,
  ...conversationScenarios,
  ...subagentScenarios,
  ...outputScenarios,
  ...failureScenarios,
};
