/** The environment of the agent program: exactly this, nothing of the host's. */
import type { AgentSpec } from '../../../ports/agent.ts';

/** Gluon paces and parks by itself: a program that retries for minutes would only hide the cause. */
const MAX_RETRIES = '2';
/** With a socket the name is never resolved; it must be http, or the program would speak TLS into the socket. */
const SOCKET_BASE_URL = 'http://model.invalid';

/** The caller's `env` comes first, so that it cannot override how the model is reached or with which token. */
export function environmentOf(spec: AgentSpec): Record<string, string> {
  const access: Record<string, string> =
    'socket' in spec.model_access
      ? { ANTHROPIC_UNIX_SOCKET: spec.model_access.socket, ANTHROPIC_BASE_URL: SOCKET_BASE_URL }
      : { ANTHROPIC_BASE_URL: spec.model_access.url };
  return {
    CLAUDE_CODE_MAX_RETRIES: MAX_RETRIES,
    ...spec.env,
    ...access,
    // As root the program refuses to work unattended unless it is told that somebody else confines it. At level none nobody does, which
    // is what the person chose.
    ...(spec.confinement.level === 'none' && process.getuid?.() === 0 ? { IS_SANDBOX: '1' } : {}),
    ANTHROPIC_API_KEY: spec.token,
    CLAUDE_CONFIG_DIR: spec.sessionFolder,
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_AUTOUPDATER: '1',
    DISABLE_ERROR_REPORTING: '1',
    DISABLE_BUG_COMMAND: '1',
    // The todo list that people see; this version offers it only when both are said.
    CLAUDE_CODE_ENABLE_TODO_TOOLS: '1',
    CLAUDE_CODE_ENABLE_TASKS: '0',
  };
}
