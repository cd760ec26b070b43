/** What the board, the rail and the run view of the page ask beside the run itself. */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { RunStatusSchema } from '../resources.ts';
import {
  RunCardSchema,
  RunSeriesSchema,
  RunUsageSchema,
  SearchHitSchema,
  SlashCommandSchema,
  StatusCountsSchema,
  TodoSchema,
  UsagePointSchema,
} from '../web-resources.ts';
import { Cursor, Done, Limit, ProjectRef, page, QueryBool, QueryInt, RunInput, repeated } from './fields.ts';

const count = z.number().int();

export const boardOperations = {
  'runs.cards': operation({
    method: 'GET',
    path: '/runs/cards',
    role: 'viewer',
    effect: 'read',
    summary: 'Runs as cards of the board, newest first: one call per column.',
    input: z.strictObject({
      project: ProjectRef.optional(),
      status: repeated(RunStatusSchema),
      archived: QueryBool.default(false),
      search: z.string().max(200).optional(),
      limit: QueryInt.min(1).max(500).default(200),
      cursor: Cursor,
    }),
    output: page(RunCardSchema),
  }),
  'runs.counts': operation({
    method: 'GET',
    path: '/runs/counts',
    role: 'viewer',
    effect: 'read',
    summary: 'How many runs there are per status, over all and per project, without the archived ones; and how many wait for an answer.',
    input: z.strictObject({}),
    output: z.object({
      total: StatusCountsSchema,
      projects: z.array(z.object({ project_id: z.string(), project: z.string(), counts: StatusCountsSchema })),
      /** Runs with a question that can be answered. */
      needs_answer: count,
      archived: count,
    }),
  }),
  'runs.mark_read': operation({
    method: 'POST',
    path: '/runs/{run}/read',
    role: 'viewer',
    effect: 'write',
    summary: 'Note that the one who asks has seen the run as it is now.',
    input: RunInput,
    output: Done,
  }),
  'runs.todos': operation({
    method: 'GET',
    path: '/runs/{run}/todos',
    role: 'viewer',
    effect: 'read',
    summary: "The agent's last todo list.",
    input: RunInput,
    output: z.object({ items: z.array(TodoSchema), at: z.string().nullable() }),
  }),
  'runs.message_counts': operation({
    method: 'GET',
    path: '/runs/{run}/message-counts',
    role: 'viewer',
    effect: 'read',
    summary: 'How many records of the transcript each filter shows; a tool call and its result count once.',
    input: RunInput,
    output: z.object({
      last_seq: count,
      all: count,
      text: count,
      tools: count,
      edits: count,
      shell: count,
      errors: count,
      questions: count,
    }),
  }),
  'runs.usage': operation({
    method: 'GET',
    path: '/runs/{run}/usage',
    role: 'viewer',
    effect: 'read',
    summary: 'Cost and tokens of a run by kind of token and by model.',
    input: RunInput,
    output: RunUsageSchema,
  }),
  'usage.run_series': operation({
    method: 'GET',
    path: '/runs/{run}/usage-series',
    role: 'viewer',
    effect: 'read',
    summary: 'Cost of a run over its time, in at most 60 buckets.',
    input: RunInput,
    output: RunSeriesSchema,
  }),
  'usage.series': operation({
    method: 'GET',
    path: '/usage/series',
    role: 'viewer',
    effect: 'read',
    summary: 'Cost and tokens per UTC day, by model or by project.',
    input: z.strictObject({
      days: QueryInt.min(1).max(366).default(30),
      by: z.enum(['model', 'project']).default('model'),
      project: ProjectRef.optional(),
    }),
    output: z.object({ from: z.string(), to: z.string(), items: z.array(UsagePointSchema) }),
  }),
  'projects.commands': operation({
    method: 'GET',
    path: '/projects/{project}/commands',
    role: 'viewer',
    effect: 'read',
    summary: 'Slash commands that an agent knows in a project, for completion.',
    input: z.strictObject({ project: ProjectRef }),
    output: z.object({ items: z.array(SlashCommandSchema) }),
  }),
  'search.query': operation({
    method: 'GET',
    path: '/search',
    role: 'viewer',
    effect: 'read',
    summary: 'Find runs by title, branch, id and prompt, and what was said in their transcripts.',
    input: z.strictObject({ q: z.string().trim().min(1).max(200), project: ProjectRef.optional(), limit: Limit, cursor: Cursor }),
    output: page(SearchHitSchema),
  }),
} as const;
