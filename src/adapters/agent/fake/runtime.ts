/** An agent without a model: it plays the script in its prompt, with real processes. For fast tests of everything around an agent. */
import type { AgentRuntime } from '../../../ports/agent.ts';
import type { Clock, Random } from '../../../ports/system.ts';
import { FakeRun } from './fake-run.ts';

export function fakeRuntime(options: { clock: Clock; random: Random }): AgentRuntime {
  return {
    id: 'fake',
    capabilities: {
      resume: true,
      fork: true,
      steer: true,
      interrupt: true,
      plan: true,
      structuredOutput: true,
      askUser: true,
      subagents: false,
      partialText: true,
      images: true,
      effort: false,
      turnLimit: true,
    },
    probe: async () => ({ ok: true, version: '1', why: null }),
    mounts: async () => [],
    start: (spec) => new FakeRun(spec, options.clock, options.random),
  };
}
