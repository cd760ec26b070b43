/** Comments on lines of a run's change, which go to the agent as one message. */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { FollowUpSchema } from '../resources.ts';
import { ReviewCommentSchema } from '../web-resources.ts';
import { Done, RepositoryPath, RunInput, RunRef } from './fields.ts';

const body = z.string().trim().min(1).max(20_000);
const id = z.string().regex(/^[0-9a-f]{32}$/);

export const reviewOperations = {
  'runs.comments': operation({
    method: 'GET',
    path: '/runs/{run}/comments',
    role: 'viewer',
    effect: 'read',
    summary: 'Comments on the change of a run, oldest first, each with what became of its line.',
    input: RunInput,
    output: z.object({ items: z.array(ReviewCommentSchema) }),
  }),
  'runs.add_comment': operation({
    method: 'POST',
    path: '/runs/{run}/comments',
    role: 'operator',
    effect: 'write',
    status: 201,
    summary: 'Comment on a line of the change.',
    input: z.strictObject({
      run: RunRef,
      path: RepositoryPath,
      side: z.enum(['old', 'new']).default('new'),
      line: z.number().int().min(1).max(10_000_000),
      line_text: z.string().max(2_000).default(''),
      body,
    }),
    output: ReviewCommentSchema,
  }),
  'runs.edit_comment': operation({
    method: 'PATCH',
    path: '/runs/{run}/comments/{id}',
    role: 'operator',
    effect: 'write',
    summary: 'Change a comment that was not sent yet.',
    input: z.strictObject({ run: RunRef, id, body }),
    output: ReviewCommentSchema,
  }),
  'runs.remove_comment': operation({
    method: 'DELETE',
    path: '/runs/{run}/comments/{id}',
    role: 'operator',
    effect: 'destructive',
    summary: 'Take a comment away.',
    input: z.strictObject({ run: RunRef, id }),
    output: Done,
  }),
  'runs.send_comments': operation({
    method: 'POST',
    path: '/runs/{run}/comments/send',
    role: 'operator',
    effect: 'write',
    status: 201,
    summary: 'Send open comments to the agent as one message; a run that does not run is resumed with it.',
    input: z.strictObject({
      run: RunRef,
      message: z.string().max(20_000).optional(),
      /** All open ones unless named. */
      ids: z.array(id).min(1).max(500).optional(),
      now: z.boolean().default(false),
    }),
    output: z.object({ message: FollowUpSchema, comments: z.array(ReviewCommentSchema) }),
  }),
} as const;
