/** Commands of the fake agent: through the confinement, like those of a real one. */
import type { AgentSpec } from '../../../ports/agent.ts';

export interface ShellEnd {
  ok: boolean;
  output: string;
}

/** Arguments come as `$1`, `$2`, …: nothing of a prompt is ever part of the script, unless the script is the prompt's own. */
export async function runShell(spec: AgentSpec, script: string, args: string[] = [], input?: string): Promise<ShellEnd> {
  const end = await spec.confinement.run({
    command: '/bin/sh',
    args: ['-c', script, 'sh', ...args],
    env: spec.env,
    cwd: spec.cwd,
    ...(input === undefined ? {} : { input }),
  });
  const output = Buffer.from(end.stdout).toString('utf8');
  return { ok: end.exitCode === 0, output: end.exitCode === 0 ? output : `${output}${end.stderr}` };
}
