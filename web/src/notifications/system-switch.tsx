/** The switch for notifications of the operating system, with what it does here. For the settings and the bell. */
import { useState } from 'react';
import { call } from '../api/call.ts';
import { Button } from '../ui/button.tsx';
import { useSignal } from '../ui/signal.ts';
import { Switch } from '../ui/switch.tsx';
import { toast, toastFailure } from '../ui/toast.tsx';
import { type BrowserNotifications, browserNotifications, turnOffNotifications, turnOnNotifications } from './browser.ts';

export function SystemNotifications() {
  const now = useSignal(browserNotifications);
  const [busy, setBusy] = useState(false);
  const change = async (on: boolean) => {
    setBusy(true);
    try {
      await (on ? turnOnNotifications() : turnOffNotifications());
    } catch (error) {
      toastFailure('Notifications were not changed', error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="flex min-w-0 items-center gap-3">
      <div className="min-w-0 flex-1">
        <label htmlFor="system-notifications" className="font-medium">
          Notifications on this computer
        </label>
        <p className="text-small break-words text-fg-3">{wordsOf(now)}</p>
      </div>
      {now.state === 'on' && now.push === true && (
        <Button size="sm" kind="outline" onClick={() => void test()}>
          Test
        </Button>
      )}
      <Switch
        id="system-notifications"
        checked={now.state === 'on'}
        disabled={busy || now.state === 'unsupported' || now.state === 'blocked'}
        onChange={(on) => void change(on)}
      />
    </div>
  );
}

function wordsOf(now: BrowserNotifications): string {
  switch (now.state) {
    case 'unsupported':
      return 'This browser shows none at this address: it takes https, or this computer itself.';
    case 'blocked':
      return 'Refused in the settings of the browser; allow them there for this address.';
    case 'off':
      return 'When an agent asks, is done, or fails. The browser asks you first.';
    case 'on':
      return now.push === true ? 'Also while no page of Gluon is open.' : `While a page of Gluon is open. ${now.push}`;
    default:
      return now satisfies never;
  }
}

async function test(): Promise<void> {
  try {
    const { sent, failed } = await call('push.test', {});
    toast({
      kind: failed > 0 ? 'error' : 'info',
      title: `Sent to ${sent} ${sent === 1 ? 'browser' : 'browsers'}`,
      ...(failed > 0 ? { text: `${failed} could not be reached.` } : {}),
    });
  } catch (error) {
    toastFailure('The test was not sent', error);
  }
}
