import { fakeRuntime } from '../../src/adapters/agent/fake/runtime.ts';
import { systemClock } from '../../src/adapters/system/clock.ts';
import { systemRandom } from '../../src/adapters/system/random.ts';
import { agentContract } from './support/agent-contract.ts';

agentContract('The fake agent', fakeRuntime({ clock: systemClock(), random: systemRandom() }), {
  commit: (file) => `write ${file} written by the script\ncommit Add ${file}`,
  say: (text) => `say ${text}`,
  ask: 'ask Database | Which database? | SQLite | PostgreSQL',
  askMany: 'askmany Features | Which features? | Search | Export | Sharing',
  busy: 'run exec sleep 20',
  plan: 'plan 1. Look around.\\n2. Write hello.txt.',
  planWord: 'hello.txt',
  writeInPlan: 'write forbidden.txt x\nplan 1. Only look.',
  turns: (count) => Array.from({ length: count }, (_, index) => `run echo ${index}`).join('\n'),
  structured: 'structured {"verdict":"approve"}',
  recall: 'recall',
  images: 'what is that?',
  fails: { prompt: 'fail billing', outcome: 'billing' },
});
