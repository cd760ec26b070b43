/** What is this browser's own choice: nothing of it goes to the server. */
import { useState } from 'react';
import { setTheme, type Theme, theme } from '../app/theme.ts';
import { setSingleKeys, singleKeys } from '../keyboard/shortcuts.ts';
import { SystemNotifications } from '../notifications/system-switch.tsx';
import { Panel } from '../ui/panel.tsx';
import { Segmented } from '../ui/segmented.tsx';
import { useSignal } from '../ui/signal.ts';
import { Switch } from '../ui/switch.tsx';
import { Row } from './editor-row.tsx';

const THEMES = [
  { value: 'system', label: 'System' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const;

export function ThisBrowser() {
  const [chosen, setChosen] = useState<Theme>(theme);
  const keys = useSignal(singleKeys);
  return (
    <Panel title="This browser">
      <Row head={<Words label="Theme" text="Light, dark, or as the system says." />}>
        <Segmented
          label="Theme"
          value={chosen}
          options={THEMES}
          onChange={(next) => {
            setTheme(next);
            setChosen(next);
          }}
          className="self-start"
        />
      </Row>
      <Row
        head={
          <Words
            htmlFor="single-keys"
            label="Shortcuts of one key"
            text="Such as “n” for a new run. Switch them off when speech input or another tool types into the page."
          />
        }
      >
        <Switch id="single-keys" checked={keys} onChange={setSingleKeys} className="my-1" />
      </Row>
      <div className="border-t border-line-subtle px-3.5 py-3">
        <SystemNotifications />
      </div>
    </Panel>
  );
}

function Words({ htmlFor, label, text }: { htmlFor?: string; label: string; text: string }) {
  return (
    <>
      {htmlFor === undefined ? (
        <p className="font-medium">{label}</p>
      ) : (
        <label htmlFor={htmlFor} className="block font-medium">
          {label}
        </label>
      )}
      <p className="text-small text-fg-2">{text}</p>
    </>
  );
}
