/** The way into the page, and a try of its notifications. */
import { GluonError } from '../../contract/errors.ts';
import type { CommandCode, CommandContext } from '../command.ts';
import { oneLine, plural } from '../terminal/format.ts';
import { printResult } from '../terminal/print.ts';

/** Prints an address that logs one browser in, once; with `--open` the browser of this machine goes there. */
export const web: CommandCode = async (context, args) => {
  const link = await context.client.call('auth.login_link', {});
  printResult(context, link, () => `${oneLine(link.url, 500)}\nIt logs one browser in, once, within a minute.\n`);
  if (args.flag('open')) await context.io.openInBrowser(link.url);
  return 0;
};

/** For `up --open`: the browser arrives logged in, or where it may log in when no link can be made. */
export async function openPage(context: CommandContext, address: string): Promise<void> {
  await context.io.openInBrowser(await linkNow(context).catch(() => address));
}

async function linkNow({ client }: CommandContext): Promise<string> {
  if ((await client.placeNow()) === null) throw new GluonError('server_unreachable', { address: 'this home' });
  return (await client.call('auth.login_link', {})).url;
}

export const testNotifications: CommandCode = async (context) => {
  const ends = await context.client.call('push.test', {});
  printResult(context, ends, () => {
    if (ends.sent + ends.failed + ends.removed === 0)
      return 'No browser gets notifications yet: switch them on in the page, under Settings.\n';
    const failed =
      ends.failed === 0
        ? ''
        : ` ${plural(ends.failed, 'push service')} refused or did not answer; see "gluon activity --type push.failed".`;
    const removed = ends.removed === 0 ? '' : ` ${plural(ends.removed, 'browser')} did not want them any more.`;
    return `Sent to ${plural(ends.sent, 'browser')}.${failed}${removed}\n`;
  });
  return ends.failed === 0 ? 0 : 1;
};
