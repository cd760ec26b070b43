/** One setting: what it means, its value, where that comes from. */
import type { Setting } from '../../../src/contract/resources.ts';
import { Button } from '../ui/button.tsx';
import { EditorRow, Row } from './editor-row.tsx';
import { PricesEditor } from './prices-editor.tsx';
import { type Editor, shownValue, valueWords, variableOf } from './setting-groups.ts';
import { useChangeSetting } from './use-settings.ts';

interface SettingRowProps {
  readonly setting: Setting;
  readonly label: string;
  readonly editor: Editor;
  /** Who may not change settings sees them all the same. */
  readonly mayChange: boolean;
}

export function SettingRow({ setting, label, editor, mayChange }: SettingRowProps) {
  const { key, value, summary, source } = setting;
  const change = useChangeSetting(key);
  const pending = change.isPending && 'to' in change.variables ? change.variables.to : undefined;
  const fixed = source === 'environment' || !mayChange;
  const name = <code className="text-[11px] text-fg-3">{key}</code>;
  const from = <Source setting={setting} mayReset={!fixed} busy={change.isPending} onReset={() => change.mutate({ reset: true })} />;
  if (editor.kind === 'prices')
    return (
      <Row
        id={key}
        wide
        head={
          <>
            <p className="font-medium">{label}</p>
            <p className="text-small text-fg-2">{summary}</p>
            {name}
          </>
        }
      >
        <PricesEditor value={value} fixed={fixed} />
        {from}
      </Row>
    );
  return (
    <EditorRow
      id={key}
      label={label}
      summary={summary}
      note={name}
      editor={editor}
      value={shownValue(editor, value, pending)}
      fixed={fixed}
      busy={change.isPending}
      error={change.error}
      onChange={(to) => change.mutate({ to })}
      onEdit={() => change.error !== null && change.reset()}
    >
      {from}
    </EditorRow>
  );
}

function Source(props: { setting: Setting; mayReset: boolean; busy: boolean; onReset: () => void }) {
  const { setting, mayReset, busy, onReset } = props;
  const { key, source, default: fallback } = setting;
  if (source === 'default') return <p className="text-small text-fg-3">Default</p>;
  if (source === 'environment')
    return (
      <p className="text-small break-words text-fg-2">
        Fixed by <code className="text-[11px]">{variableOf(key)}</code> where the server was started
      </p>
    );
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-small text-fg-2">
      <span>Set in config.yml · default: {valueWords(fallback)}</span>
      {mayReset && (
        <Button size="xs" kind="outline" busy={busy} onClick={onReset} aria-label={`Reset ${key}`}>
          Reset
        </Button>
      )}
    </p>
  );
}
