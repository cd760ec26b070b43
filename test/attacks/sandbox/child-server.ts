/** A server of its own process, to be killed: opens a sandbox, starts a command in it and says the pids. Arguments: base, home id, level, script. */
import { mkdirSync } from 'node:fs';
import { bubblewrapSandbox } from '../../../src/adapters/sandbox/bubblewrap/sandbox.ts';
import { systemClock } from '../../../src/adapters/system/clock.ts';

const [base = '', homeId = '', level = 'strict', script = 'sleep 60', groups = 'yes'] = process.argv.slice(2);
const sandbox = bubblewrapSandbox({
  folder: `${base}/sandbox`,
  homeId,
  rules: { userHome: `${base}/home`, protectedPaths: [] },
  environment: { PATH: '/usr/bin:/bin', HOME: `${base}/home` },
  clock: systemClock(),
  useControlGroups: groups === 'yes',
});
for (const name of ['child-copy', 'child-session']) mkdirSync(`${base}/${name}`, { recursive: true });
const confinement = await sandbox.open({
  level: level === 'none' ? 'none' : 'strict',
  runId: 'childrun',
  workingCopy: `${base}/child-copy`,
  sessionFolder: `${base}/child-session`,
  readOnly: [],
  mounts: [],
  gatewaySocket: null,
  egressSocket: null,
  caps: { memoryBytes: null, cpuCores: null, pids: null, fileBytes: null, diskBytes: null },
});
const started = confinement.start({ command: '/bin/bash', args: ['-c', script], env: {}, cwd: `${base}/child-copy` });
started.stdout.once('data', () => process.stdout.write(`${JSON.stringify({ pid: started.pid, cgroup: confinement.cgroup })}\n`));
started.stdout.pipe(process.stdout);
