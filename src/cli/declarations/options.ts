/** Options that several commands share. */
import type { OptionDeclaration } from '../command.ts';

export const PROJECT: OptionDeclaration = { flags: '-p, --project <name>', summary: 'only of this project', kind: 'text' };
export const LIMIT: OptionDeclaration = { flags: '-l, --limit <n>', summary: 'how many at most', kind: 'count' };
export const CURSOR: OptionDeclaration = { flags: '--cursor <cursor>', summary: 'go on where a page ended', kind: 'text' };
export const IMAGE: OptionDeclaration = { flags: '--image <file>', summary: 'give the agent this image; may be repeated', kind: 'list' };
export const QUIET: OptionDeclaration = { flags: '-q, --quiet', summary: 'only the final text' };
export const FOLLOW_RUN: OptionDeclaration = { flags: '-f, --follow', summary: 'stay with the run until it ends' };
export const SINCE_LAST: OptionDeclaration = { flags: '--since-last', summary: 'since the last message to the agent, not since the base' };
export const SANDBOX: OptionDeclaration = {
  flags: '--sandbox <level>',
  summary: 'strict, standard or none',
  choices: ['strict', 'standard', 'none'],
};
export const MODEL: OptionDeclaration = { flags: '-m, --model <model>', summary: 'model to use', kind: 'text' };
export const MAX_COST: OptionDeclaration = { flags: '--max-cost <usd>', summary: 'money cap in USD; 0 means none', kind: 'number' };
export const MAX_TURNS: OptionDeclaration = { flags: '--max-turns <n>', summary: 'turns of one attempt', kind: 'count' };
export const MAX_DURATION: OptionDeclaration = {
  flags: '--max-duration <minutes>',
  summary: 'wall-clock cap of an attempt; 0 means none',
  kind: 'number',
};
