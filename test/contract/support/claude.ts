/** The real adapter with the real program, as the contract tests use it. */
import { claudeRuntime } from '../../../src/adapters/agent/claude/runtime.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';
import { silentLog } from '../../../src/adapters/system/log.ts';
import type { AgentRuntime } from '../../../src/ports/agent.ts';

export function claudeForTests(): AgentRuntime {
  return claudeRuntime({ clock: systemClock(), log: silentLog() });
}
