/** What the SDK is told, as a function of the order: everything that is not said here stays off. */
import type { Options } from '@anthropic-ai/claude-agent-sdk';
import type { AgentSpec } from '../../../ports/agent.ts';

const EFFORTS = ['low', 'medium', 'high', 'xhigh', 'max'] as const;

/**
 * Named, so that a new version of the program does not bring tools that work against an orchestrator: timers that wake the agent when
 * nobody looks, worktrees of its own, modes that it enters by itself. Searching and the todo list must be asked for. WebSearch is
 * left out: the provider runs it, out of reach of the egress rules and of the money cap; WebFetch goes through the run's own network.
 */
const TOOLS = [
  'Agent',
  'AskUserQuestion',
  'Bash',
  'Edit',
  'ExitPlanMode',
  'Glob',
  'Grep',
  'NotebookEdit',
  'Read',
  'SendMessage',
  'Skill',
  'TaskOutput',
  'TaskStop',
  'TodoWrite',
  'ToolSearch',
  'WebFetch',
  'Write',
];

type FixedOptions = Omit<Options, 'env' | 'canUseTool' | 'spawnClaudeCodeProcess' | 'pathToClaudeCodeExecutable' | 'abortController'>;

/**
 * Project settings, hooks, agents and MCP servers come from the trusted folder alone: those of the working copy are code that the agent
 * wrote. Prompts are taken word for word: no `@file` and no slash command in them is obeyed.
 */
export function sessionOptions(spec: AgentSpec): FixedOptions {
  const effort = EFFORTS.find((name) => name === spec.effort);
  return {
    cwd: spec.cwd,
    tools: TOOLS,
    model: spec.model,
    ...sessionOf(spec),
    systemPrompt: { type: 'preset', preset: 'claude_code' },
    settingSources: ['project'],
    projectConfigRoot: spec.trustedConfig,
    strictMcpConfig: true,
    verbatimPrompts: true,
    includePartialMessages: true,
    forwardSubagentText: true,
    ...(spec.mode === 'plan'
      ? { permissionMode: 'plan' as const }
      : { permissionMode: 'bypassPermissions' as const, allowDangerouslySkipPermissions: true }),
    ...(effort === undefined ? {} : { effort }),
    ...(spec.maxTurns === null ? {} : { maxTurns: spec.maxTurns }),
    ...(spec.schema === null ? {} : { outputFormat: { type: 'json_schema' as const, schema: spec.schema } }),
  };
}

function sessionOf(spec: AgentSpec): Pick<Options, 'sessionId' | 'resume' | 'forkSession'> {
  switch (spec.session.kind) {
    case 'start':
      return { sessionId: spec.sessionId };
    case 'resume':
      return { resume: spec.sessionId };
    case 'fork':
      return { resume: spec.session.from, forkSession: true, sessionId: spec.sessionId };
  }
}
