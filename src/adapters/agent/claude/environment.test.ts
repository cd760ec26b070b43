import { describe, expect, it } from 'vitest';
import type { AgentSpec } from '../../../ports/agent.ts';
import { environmentOf } from './environment.ts';
import { sessionOptions } from './session-options.ts';

const SPEC: AgentSpec = {
  confinement: {} as AgentSpec['confinement'],
  cwd: '/copy',
  first: { text: '', images: [] },
  sessionId: 'new',
  session: { kind: 'start' },
  model: 'm',
  effort: null,
  mode: 'edit',
  maxTurns: null,
  schema: null,
  model_access: { url: 'http://127.0.0.1:1' },
  token: 'run-token',
  trustedConfig: '/trusted',
  sessionFolder: '/session',
  env: {},
};

describe('the environment of the program', () => {
  it('reaches the model by the address or the socket, with the run token', () => {
    expect(environmentOf(SPEC)).toMatchObject({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
      ANTHROPIC_API_KEY: 'run-token',
      CLAUDE_CONFIG_DIR: '/session',
    });
    const bySocket = environmentOf({ ...SPEC, model_access: { socket: '/run/g.sock' } });
    expect(bySocket.ANTHROPIC_UNIX_SOCKET).toBe('/run/g.sock');
    expect(bySocket.ANTHROPIC_BASE_URL).toMatch(/^http:/);
  });

  it('lets nobody override how the model is reached', () => {
    const env = {
      ANTHROPIC_BASE_URL: 'http://elsewhere',
      ANTHROPIC_API_KEY: 'other',
      CLAUDE_CONFIG_DIR: '/other',
      DISABLE_TELEMETRY: '0',
      MINE: 'yes',
    };
    expect(environmentOf({ ...SPEC, env })).toMatchObject({
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:1',
      ANTHROPIC_API_KEY: 'run-token',
      CLAUDE_CONFIG_DIR: '/session',
      DISABLE_TELEMETRY: '1',
      MINE: 'yes',
    });
  });
});

describe('what the SDK is told', () => {
  it('trusts the trusted folder alone, and takes prompts word for word', () => {
    expect(sessionOptions(SPEC)).toMatchObject({
      settingSources: ['project'],
      projectConfigRoot: '/trusted',
      strictMcpConfig: true,
      verbatimPrompts: true,
      permissionMode: 'bypassPermissions',
    });
    expect(sessionOptions({ ...SPEC, mode: 'plan' })).toMatchObject({ permissionMode: 'plan' });
    expect(sessionOptions({ ...SPEC, mode: 'plan' })).not.toHaveProperty('allowDangerouslySkipPermissions');
  });

  it.each([
    [{ kind: 'start' }, { sessionId: 'new' }],
    [{ kind: 'resume' }, { resume: 'new' }],
    [
      { kind: 'fork', from: 'old' },
      { resume: 'old', forkSession: true, sessionId: 'new' },
    ],
  ] as const)('opens the session %o', (session, options) => {
    const made = sessionOptions({ ...SPEC, session });
    expect({ sessionId: made.sessionId, resume: made.resume, forkSession: made.forkSession }).toMatchObject(options);
  });

  it('leaves an effort out that it does not know', () => {
    expect(sessionOptions({ ...SPEC, effort: 'high' }).effort).toBe('high');
    expect(sessionOptions({ ...SPEC, effort: 'infinite' })).not.toHaveProperty('effort');
  });
});
