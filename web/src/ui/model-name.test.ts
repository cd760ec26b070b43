import { expect, test } from 'vitest';
import { modelName } from './model-name.ts';

test.each([
  ['claude-opus-4-5', 'claude', 'Opus'],
  ['anthropic/claude-sonnet-4-5-20250929', 'claude', 'Sonnet'],
  ['gpt-5-codex', 'codex', 'Codex'],
  [null, 'claude', 'Claude'],
  [null, 'acp:gemini', 'Acp:gemini'],
  ['vendor/a-model-with-a-long-name', 'claude', 'a-model-with-…'],
])('%s of %s is %s', (model, agent, name) => expect(modelName(model, agent)).toBe(name));
