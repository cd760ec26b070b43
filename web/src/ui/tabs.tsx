/** Tabs of a view: arrows move between them, the chosen one is part of the address, so that a link opens it. */
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import { cx } from './class-names.ts';
import { whole } from './format.ts';

export interface Tab<T extends string = string> {
  readonly name: T;
  readonly label: string;
  /** Shown behind the label; left out while it is not known. */
  readonly count?: number | null;
  /** A red dot with this sentence: something in the tab failed. */
  readonly alert?: string;
}

export interface TabsProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly current: T;
  readonly onChange: (name: T) => void;
  /** Id of the one panel that shows the chosen tab. */
  readonly panel: string;
  readonly children?: ReactNode;
}

/** One row; when it is too long it scrolls sideways and the chosen tab comes into sight. `children` stand at its end. */
export function Tabs<T extends string>({ label, tabs, current, onChange, panel, children }: TabsProps<T>) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is another place to scroll to.
  useEffect(() => {
    const chosen = list.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    chosen?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [current]);

  function onKeyDown(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (step === undefined) return;
    const at = tabs.findIndex((tab) => tab.name === current);
    const next = Number.isFinite(step) ? (at + step + tabs.length) % tabs.length : step < 0 ? 0 : tabs.length - 1;
    const tab = tabs[next];
    if (tab === undefined) return;
    event.preventDefault();
    onChange(tab.name);
    list.current?.querySelector<HTMLElement>(`[data-tab="${tab.name}"]`)?.focus();
  }

  return (
    <div className="flex items-end gap-4">
      <div
        ref={list}
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className="-mx-2 flex min-w-0 flex-1 gap-0.5 overflow-x-auto overflow-y-hidden [scrollbar-width:none]"
      >
        {tabs.map((tab) => {
          const selected = tab.name === current;
          return (
            <button
              key={tab.name}
              type="button"
              role="tab"
              data-tab={tab.name}
              id={`${panel}-${tab.name}`}
              aria-selected={selected}
              aria-controls={panel}
              tabIndex={selected ? 0 : -1}
              onClick={() => onChange(tab.name)}
              className={cx(
                'relative inline-flex h-9 flex-none items-center gap-1.5 px-[9px] font-medium whitespace-nowrap -outline-offset-2 max-phone:h-11 pointer-coarse:h-11',
                selected
                  ? 'text-fg after:absolute after:inset-x-2 after:bottom-0 after:h-0.5 after:rounded-t-sm after:bg-fg'
                  : 'text-fg-2 hover:text-fg',
              )}
            >
              {tab.label}
              {typeof tab.count === 'number' && <span className="num text-micro font-regular text-fg-3">{whole(tab.count)}</span>}
              {tab.alert !== undefined && (
                <>
                  <i aria-hidden="true" title={tab.alert} className="size-1.5 rounded-full bg-failed-solid" />
                  <span className="sr">{tab.alert}</span>
                </>
              )}
            </button>
          );
        })}
      </div>
      {children}
    </div>
  );
}
