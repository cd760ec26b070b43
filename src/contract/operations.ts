/** The one list of operations. */
import type { z } from 'zod';
import { authOperations } from './operations/auth.ts';
import { boardOperations } from './operations/board.ts';
import { conversationOperations } from './operations/conversation.ts';
import { notificationOperations } from './operations/notifications.ts';
import { projectOperations } from './operations/projects.ts';
import { reviewOperations } from './operations/review.ts';
import { runReadingOperations } from './operations/run-reading.ts';
import { runOperations } from './operations/runs.ts';
import { systemOperations } from './operations/system.ts';

export const OPERATIONS = {
  ...systemOperations,
  ...projectOperations,
  ...runOperations,
  ...runReadingOperations,
  ...conversationOperations,
  ...authOperations,
  ...boardOperations,
  ...notificationOperations,
  ...reviewOperations,
} as const;

export type OperationName = keyof typeof OPERATIONS;
/** What a client sends: fields with a default may be left out. */
export type OperationInput<K extends OperationName> = z.input<(typeof OPERATIONS)[K]['input']>;
/** What a handler gets after parsing. */
export type ParsedInput<K extends OperationName> = z.output<(typeof OPERATIONS)[K]['input']>;
export type OperationOutput<K extends OperationName> = z.output<(typeof OPERATIONS)[K]['output']>;
export const OPERATION_NAMES = Object.keys(OPERATIONS) as OperationName[];
