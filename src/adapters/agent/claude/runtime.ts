/** Claude Code as an agent: the vendor's SDK and program, in our sandbox, towards our gateway. */
import { isGluonError } from '../../../contract/errors.ts';
import type { AgentRuntime } from '../../../ports/agent.ts';
import { SANDBOX_PATHS } from '../../../ports/sandbox.ts';
import type { Clock, Log } from '../../../ports/system.ts';
import { type ClaudeProgram, findProgram, loadSdk, type Sdk } from './program.ts';
import { RunningSession } from './running-session.ts';

export interface ClaudeRuntimeOptions {
  clock: Clock;
  log: Log;
  /** Default: the package installed beside Gluon. */
  loadSdk?: () => Promise<Sdk>;
  findProgram?: () => Promise<ClaudeProgram>;
}

/** Nothing is loaded or looked for before it is needed. `start` never throws: a missing program is told by `done`. */
export function claudeRuntime(options: ClaudeRuntimeOptions): AgentRuntime {
  const find = options.findProgram ?? (() => findProgram());
  return {
    id: 'claude',
    capabilities: {
      resume: true,
      fork: true,
      steer: true,
      interrupt: true,
      plan: true,
      structuredOutput: true,
      askUser: true,
      subagents: true,
      partialText: true,
      images: true,
      effort: true,
      turnLimit: true,
    },
    async probe() {
      try {
        const { version } = await find();
        return { ok: true, version, why: null };
      } catch (error) {
        if (!isGluonError(error)) throw error;
        return { ok: false, version: null, why: error.message };
      }
    },
    async mounts() {
      const { path } = await find();
      return [{ from: path, to: SANDBOX_PATHS.agentProgram }];
    },
    start: (spec) =>
      new RunningSession(spec, { clock: options.clock, log: options.log, loadSdk: options.loadSdk ?? loadSdk, findProgram: find }),
  };
}
