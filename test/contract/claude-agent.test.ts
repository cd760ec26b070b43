import { agentContract } from './support/agent-contract.ts';
import { claudeForTests } from './support/claude.ts';

agentContract('Claude Code', claudeForTests(), {
  commit: (file) => `SCENARIO:edit{"file":"${file}"}`,
  say: (text) => `SCENARIO:say{"text":"${text}"}`,
  ask: 'SCENARIO:question',
  askMany: 'SCENARIO:question_multi',
  busy: 'SCENARIO:busy',
  plan: 'SCENARIO:plan',
  planWord: 'hello.txt',
  writeInPlan: 'SCENARIO:plan_write',
  turns: (count) => `SCENARIO:turns{"count":${count}}`,
  structured: 'SCENARIO:structured',
  recall: 'SCENARIO:recall',
  images: 'SCENARIO:images',
  fails: { prompt: 'SCENARIO:credit', outcome: 'billing' },
});
