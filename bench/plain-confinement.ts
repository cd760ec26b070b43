/** No sandbox at all: the agent program as an ordinary child, which is what calling it directly means. */
import { spawn } from 'node:child_process';
import type { ConfinedEnd, Confinement } from '../src/ports/sandbox.ts';

export function plainConfinement(): Confinement {
  const close: (() => void)[] = [];
  return {
    level: 'none',
    caps: { by: 'nothing', memory_bytes: null, cpu_cores: null, pids: null, file_bytes: null, disk_bytes: null },
    cgroup: null,
    leader: () => null,
    start({ command, args, env, cwd }) {
      const child = spawn(command, args, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
      close.push(() => child.kill('SIGKILL'));
      return {
        pid: child.pid ?? null,
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        ended: new Promise<ConfinedEnd>((resolve, reject) => {
          child.once('error', reject);
          child.once('close', (exitCode, signal) => resolve({ exitCode, signal, exceeded: null }));
        }),
        signal: (signal) => void child.kill(signal),
        kill: () => void child.kill('SIGKILL'),
      };
    },
    run: () => Promise.reject(new Error('only the agent program is started here')),
    exceeded: () => null,
    async close() {
      for (const end of close) end();
    },
  };
}
