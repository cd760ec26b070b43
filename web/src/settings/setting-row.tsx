/** One setting: what it means, its value, where that comes from. */
import type { ReactNode } from 'react';
import type { Setting } from '../../../src/contract/resources.ts';
import { Button } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';
import { sentenceOf } from '../ui/problem.tsx';
import { SettingEditor } from './editors.tsx';
import { PricesEditor } from './prices-editor.tsx';
import { type Editor, valueWords, variableOf } from './setting-groups.ts';
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
  const fixed = source === 'environment' || !mayChange;
  const ids = { label: `${key}-label`, summary: `${key}-summary`, error: `${key}-error` };
  const describedBy = change.error === null ? ids.summary : `${ids.error} ${ids.summary}`;
  return (
    <Row
      id={key}
      wide={editor.kind === 'prices'}
      head={
        <>
          <p id={ids.label} className="font-medium">
            {label}
          </p>
          <p id={ids.summary} className="text-small text-fg-2">
            {summary}
          </p>
          <code className="text-[11px] text-fg-3">{key}</code>
        </>
      }
    >
      {editor.kind === 'prices' ? (
        <PricesEditor value={value} fixed={fixed} />
      ) : (
        <SettingEditor
          editor={editor}
          value={value}
          fixed={fixed}
          busy={change.isPending}
          labelledBy={ids.label}
          describedBy={describedBy}
          invalid={change.error !== null}
          onChange={(to) => change.mutate({ to })}
          onEdit={() => change.error !== null && change.reset()}
        />
      )}
      {change.error !== null && (
        <p id={ids.error} role="alert" className="flex items-start gap-1.5 text-small break-words text-failed-fg">
          <Glyph name="failed" size={12} className="mt-0.5" />
          <span className="min-w-0">{sentenceOf(change.error)}</span>
        </p>
      )}
      <Source setting={setting} mayReset={!fixed} busy={change.isPending} onReset={() => change.mutate({ reset: true })} />
    </Row>
  );
}

/** Text on the left, control on the right; one below the other on a phone, and for what needs the room. */
export function Row({ id, head, wide = false, children }: { id?: string; head: ReactNode; wide?: boolean; children: ReactNode }) {
  return (
    <div
      id={id}
      className={`grid scroll-mt-4 gap-x-6 gap-y-2 border-t border-line-subtle px-3.5 py-3 ${wide ? '' : 'grid-cols-[minmax(0,1fr)_minmax(0,280px)] max-phone:grid-cols-1'}`}
    >
      <div className="min-w-0">{head}</div>
      <div className="flex min-w-0 flex-col gap-1">{children}</div>
    </div>
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
