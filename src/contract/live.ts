/**
 * What travels over the WebSocket `/api/ws`.
 *
 * Upgrade: `Authorization: Bearer <token>`, or from a browser, which cannot set that header, the subprotocols `gluon.v1` and
 * `gluon.token.<token>`; the server selects `gluon.v1`. Client to server: one message per text frame. Server to client: each frame is a
 * JSON array of messages, collected for up to 25 ms. `seq` rises by one per message of a topic and begins at another number in each life
 * of the server and each time a topic is watched anew after a pause, so a number of an earlier life leads to `resync`, never to a false
 * match. Every topic of a `subscribe` is answered: `subscribed` with the number after which messages follow (those missed since `after`
 * come first), or `resync`. `message_delta`, `progress` and `log_line` are not repeated after a reconnect.
 */
import { z } from 'zod';

/** `board`, `run:<id>`, `notifications`, `capacity`. */
export const TopicSchema = z.string().regex(/^(board|notifications|capacity|run:[0-9a-f]{32})$/);

export const ClientMessageSchema = z.discriminatedUnion('type', [
  z.strictObject({
    type: z.literal('subscribe'),
    topics: z.array(TopicSchema).max(200),
    after: z.record(TopicSchema, z.number().int()).optional(),
  }),
  z.strictObject({ type: z.literal('unsubscribe'), topics: z.array(TopicSchema).max(200) }),
  z.strictObject({ type: z.literal('ping') }),
]);
export type ClientMessage = z.infer<typeof ClientMessageSchema>;

/** Messages of a topic, each with what `data` holds. `run_updated` is a patch of changed fields of the run. */
export const LIVE_TYPES = {
  run_created: 'A run was submitted; data is the run.',
  run_updated: 'Fields of a run changed; data is {id, ...changed fields}.',
  run_removed: 'A run was removed; data is {id}.',
  message: 'A record was appended to a transcript; data is the record.',
  message_delta: 'Partial text of the agent, not stored; data is {attempt, block, text}.',
  progress: 'What the agent does right now; data is {attempt, phase, detail}.',
  token_update:
    'Tokens and cost moved; data is {id, cost_usd, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, model_calls}.',
  pending_questions: 'A question was asked; data is the question.',
  question_answered: 'A question was answered; data is the question.',
  questions_expired: 'A question parked its run or ran out; data is the question.',
  todos_updated: 'The agent changed its todo list; data is {attempt, todos}.',
  follow_ups_updated: 'The queued messages of a run changed; data is {id, queued}.',
  activity: 'Something happened; data is the event.',
  egress_refused: 'A connection was refused; data is the decision.',
  run_activity:
    'What the agent does, for cards, at most once a second per run; data is {id} with what changed of last_activity, context_tokens, context_window.',
  run_read: 'Somebody looked at a run; data is {id, user}.',
  comments_updated: 'Comments on the change of a run were written, changed or sent; data is {id}.',
  notification_created: 'There is a new notification; data is the notification, unread.',
  notifications_read: 'Notifications were read; data is {user, ids, unread_count}, ids null for all of them.',
  log_line: 'The agent program wrote to stderr; data is {attempt, text}.',
} as const;
export type LiveType = keyof typeof LIVE_TYPES;

/** Server to client. `resync`: more was missed than is kept; read the resource again, then go on from `seq`. */
export type ServerMessage =
  | { topic: string; seq: number; type: LiveType; data: unknown }
  | { topic: string; seq: number; type: 'resync' | 'subscribed' }
  | { type: 'pong' }
  | { type: 'error'; code: string; detail: string };
