/** All settings of the server in groups, and what this browser keeps for itself. */
import { useLocation } from '@tanstack/react-router';
import { Search, Settings2 } from 'lucide-react';
import { useEffect, useState, useSyncExternalStore } from 'react';
import type { Setting } from '../../../src/contract/resources.ts';
import type { SettingKey } from '../../../src/contract/settings.ts';
import { session, watchSession } from '../api/session.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { TextInput } from '../ui/field.tsx';
import { Panel, ViewBody, ViewHead } from '../ui/panel.tsx';
import { Problem } from '../ui/problem.tsx';
import { SkeletonRows } from '../ui/skeleton.tsx';
import { AboutPanel, SessionPanel } from './about.tsx';
import { fits, SETTING_GROUPS, SETTING_LOOKS } from './setting-groups.ts';
import { SettingRow } from './setting-row.tsx';
import { ThisBrowser } from './this-browser.tsx';
import { useSettings } from './use-settings.ts';

const SECTIONS = [
  { id: 'browser', title: 'This browser' },
  ...SETTING_GROUPS,
  { id: 'session', title: 'Session' },
  { id: 'about', title: 'About' },
];

export function SettingsView() {
  const [search, setSearch] = useState('');
  const settings = useSettings();
  const found = settings.data?.items.filter(({ key, summary }) => fits(search, key, labelOf(key), summary));
  useTarget(settings.isSuccess);
  return (
    <>
      <ViewHead
        title="Settings"
        actions={
          <span className="relative max-phone:w-full">
            <Search size={14} strokeWidth={1.75} aria-hidden className="absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3" />
            <TextInput
              type="search"
              aria-label="Find a setting"
              placeholder="Find a setting"
              value={search}
              onChange={({ target }) => setSearch(target.value)}
              className="w-56 pl-8 max-phone:w-full"
            />
          </span>
        }
      />
      <ViewBody>
        <div className="mx-auto grid max-w-[1040px] grid-cols-[160px_minmax(0,1fr)] gap-6 max-[900px]:grid-cols-1">
          <Sections />
          <div className="flex min-w-0 flex-col gap-2.5">
            {search === '' && (
              <section id="browser" aria-label="This browser" className="scroll-mt-4">
                <ThisBrowser />
              </section>
            )}
            {settings.error !== null && (
              <Problem title="The settings could not be read" error={settings.error} onRetry={() => void settings.refetch()} />
            )}
            {found === undefined && settings.error === null && (
              <Panel>
                <SkeletonRows rows={8} label="Reading the settings" />
              </Panel>
            )}
            {found !== undefined && <Groups found={found} />}
            {found?.length === 0 && (
              <Empty icon={Settings2} title={`No setting matches “${search}”`}>
                <Button kind="outline" size="sm" onClick={() => setSearch('')}>
                  Show all settings
                </Button>
              </Empty>
            )}
            {search === '' && (
              <>
                <section id="session" aria-label="Session" className="scroll-mt-4">
                  <SessionPanel />
                </section>
                <section id="about" aria-label="About" className="scroll-mt-4">
                  <AboutPanel />
                </section>
              </>
            )}
          </div>
        </div>
      </ViewBody>
    </>
  );
}

function Groups({ found }: { found: readonly Setting[] }) {
  const user = useSyncExternalStore(watchSession, session);
  // A session that ended takes nothing away: what is typed stays until somebody is signed in again.
  const mayChange = user.state !== 'in' || user.user.role === 'admin';
  const byKey = new Map(found.map((setting) => [setting.key, setting]));
  const groups = SETTING_GROUPS.map((group) => ({
    ...group,
    settings: group.keys.flatMap((key) => byKey.get(key) ?? []),
  })).filter(({ settings }) => settings.length > 0);
  return groups.map(({ id, title, settings }) => (
    <section key={id} id={id} aria-label={title} className="scroll-mt-4">
      <Panel title={title} sub={mayChange ? undefined : 'Only an admin can change these.'}>
        {settings.map((setting) => (
          <SettingRow
            key={setting.key}
            setting={setting}
            label={labelOf(setting.key)}
            editor={SETTING_LOOKS[setting.key as SettingKey].editor}
            mayChange={mayChange}
          />
        ))}
      </Panel>
    </section>
  ));
}

function Sections() {
  return (
    <nav aria-label="Settings" className="sticky top-0 flex flex-col self-start max-[900px]:hidden">
      {SECTIONS.map(({ id, title }) => (
        <a key={id} href={`#${id}`} className="flex h-7 items-center rounded-md px-2 font-medium text-fg-2 hover:bg-hover hover:text-fg">
          {title}
        </a>
      ))}
    </nav>
  );
}

/** A setting that a newer server has and this page does not know is not shown: nobody could say what it takes. */
function labelOf(key: string): string {
  return Object.hasOwn(SETTING_LOOKS, key) ? SETTING_LOOKS[key as SettingKey].label : key;
}

/** `/settings#prices`: the setting is brought into view once it is there. */
function useTarget(ready: boolean): void {
  const { hash } = useLocation();
  useEffect(() => {
    if (ready && hash !== '') document.getElementById(hash)?.scrollIntoView();
  }, [ready, hash]);
}
