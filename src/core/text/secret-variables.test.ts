import { expect, test } from 'vitest';
import { secretValues } from './secret-variables.ts';

test.each([
  'API_KEY',
  'GITHUB_TOKEN',
  'DB_PASSWORD',
  'db_passwd',
  'SECRET',
  'MY_SECRET_2',
  'SENTRY_DSN',
  'BASIC_AUTH',
  'GOOGLE_CREDENTIALS',
  'KEY_ID',
])('%s names a secret', (name) => {
  expect(secretValues({ [name]: 'value' })).toEqual(['value']);
});

test.each(['PATH', 'NODE_ENV', 'KEYBOARD', 'MONKEY', 'TOKENIZER', 'AUTHOR', 'GLUON_PORT_1'])('%s does not', (name) => {
  expect(secretValues({ [name]: 'value' })).toEqual([]);
});
