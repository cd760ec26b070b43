/** What people are told of, and the ways to them. */
import { z } from 'zod';
import { operation } from '../operation.ts';
import { NotificationSchema } from '../web-resources.ts';
import { Cursor, Done, Limit, page, QueryBool } from './fields.ts';

const key = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+=*$/, 'base64url');

export const notificationOperations = {
  'notifications.list': operation({
    method: 'GET',
    path: '/notifications',
    role: 'viewer',
    effect: 'read',
    summary: 'Notifications, newest first, and how many are unread.',
    input: z.strictObject({ unread: QueryBool.default(false), limit: Limit, cursor: Cursor }),
    output: page(NotificationSchema).extend({ unread_count: z.number().int() }),
  }),
  'notifications.read': operation({
    method: 'POST',
    path: '/notifications/read',
    role: 'viewer',
    effect: 'write',
    summary: 'Mark notifications as read: those named, or all.',
    input: z
      .strictObject({ ids: z.array(z.number().int().positive()).max(1_000).optional(), all: z.literal(true).optional() })
      .refine(({ ids, all }) => (ids === undefined) !== (all === undefined), 'one of ids and all'),
    output: z.object({ unread_count: z.number().int() }),
  }),
  'push.key': operation({
    method: 'GET',
    path: '/push/key',
    role: 'viewer',
    effect: 'read',
    summary: 'The public key with which a browser subscribes to notifications (VAPID, base64url).',
    input: z.strictObject({}),
    output: z.object({ public_key: z.string() }),
  }),
  'push.subscribe': operation({
    method: 'POST',
    path: '/push/subscribe',
    role: 'viewer',
    effect: 'write',
    summary: 'Send notifications to this browser; what its push service gave, as it is.',
    input: z.strictObject({
      endpoint: z.string().min(1).max(2_000),
      keys: z.strictObject({ p256dh: key, auth: key }),
      /** Browsers add it to what they give; nothing depends on it. */
      expirationTime: z.number().nullable().optional(),
    }),
    output: Done,
  }),
  'push.unsubscribe': operation({
    method: 'POST',
    path: '/push/unsubscribe',
    role: 'viewer',
    effect: 'write',
    summary: 'Send no more notifications to this browser.',
    input: z.strictObject({ endpoint: z.string().min(1).max(2_000) }),
    output: Done,
  }),
  'push.test': operation({
    method: 'POST',
    path: '/push/test',
    role: 'viewer',
    effect: 'write',
    summary: 'Send a notification to every browser of the one who asks, now.',
    input: z.strictObject({}),
    output: z.object({ sent: z.number().int(), failed: z.number().int(), removed: z.number().int() }),
  }),
} as const;
