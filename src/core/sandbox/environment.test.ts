import { describe, expect, it } from 'vitest';
import { insideEnvironment, withGitRules } from './environment.ts';

const markers = { homeId: 'h', runId: 'r', confinementId: 'c' };

describe('the environment inside', () => {
  it('lets a caller choose PATH, but not home, proxy or marks', () => {
    const env = insideEnvironment({
      markers,
      home: '/home/agent',
      proxyPort: 3128,
      extra: { PATH: '/own', HOME: '/root', http_proxy: 'http://evil.example', GLUON_RUN_ID: 'other', TOKEN: 't' },
    });
    expect(env).toMatchObject({
      PATH: '/own',
      HOME: '/home/agent',
      http_proxy: 'http://127.0.0.1:3128',
      GLUON_RUN_ID: 'r',
      GLUON_HOME_ID: 'h',
      TOKEN: 't',
    });
  });
  it('names no proxy where there is none', () => {
    expect(
      Object.keys(insideEnvironment({ markers, home: '/h', proxyPort: null, extra: {} })).filter((name) => /proxy/i.test(name)),
    ).toEqual([]);
  });
  it('adds the git settings after those that are given', () => {
    expect(withGitRules({ GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'user.name', GIT_CONFIG_VALUE_0: 'x' })).toMatchObject({
      GIT_CONFIG_COUNT: '5',
      GIT_CONFIG_KEY_0: 'user.name',
      GIT_CONFIG_KEY_1: 'gc.auto',
    });
    expect(withGitRules({ GIT_CONFIG_COUNT: '-3' })).toMatchObject({ GIT_CONFIG_COUNT: '4', GIT_CONFIG_KEY_0: 'gc.auto' });
  });
});
