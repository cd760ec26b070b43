/** The bell: what a person is told of, and what that person has read. */
import type { OperationOutput, ParsedInput } from '../contract/operations.ts';
import type { Deps } from './deps.ts';
import { unitOfWork } from './unit-of-work.ts';

export async function listNotifications(
  deps: Deps,
  input: ParsedInput<'notifications.list'>,
  user: string,
): Promise<OperationOutput<'notifications.list'>> {
  const page = await deps.store.notifications(user, input.unread, input.limit, input.cursor);
  return { ...page, unread_count: await deps.store.unreadNotifications(user) };
}

/** Numbers that are gone or were read already change nothing. */
export async function readNotifications(
  deps: Deps,
  input: ParsedInput<'notifications.read'>,
  user: string,
): Promise<OperationOutput<'notifications.read'>> {
  const ids = input.ids ?? null;
  return unitOfWork(
    deps,
    async (unit) => {
      await unit.tx.readNotifications(user, ids);
      const unread = await unit.tx.unreadNotifications(user);
      unit.publish({ topic: 'notifications', type: 'notifications_read', data: { user, ids, unread_count: unread } });
      return { unread_count: unread };
    },
    { survives: 'process' },
  );
}
