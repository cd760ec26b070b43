/** Over every view: what is shown, the search, today's cost, the connection, the bell. */
import { Link, useLocation } from '@tanstack/react-router';
import { Moon, Search, Sun } from 'lucide-react';
import { useState } from 'react';
import { Keys } from '../keyboard/keys.tsx';
import { Bell } from '../notifications/bell.tsx';
import { openPalette } from '../palette/open-palette.ts';
import { Button } from '../ui/button.tsx';
import { money } from '../ui/format.ts';
import { Logo } from '../ui/logo.tsx';
import { useSignal } from '../ui/signal.ts';
import { tip } from '../ui/tooltip.tsx';
import { ConnectionState } from './connection-state.tsx';
import { ScopeSwitch } from './scope-switch.tsx';
import { isDark, setTheme } from './theme.ts';
import { todayUsd } from './use-board.ts';
import { viewOf } from './views.ts';

export function TopBar({ collapsed }: { collapsed: boolean }) {
  return (
    <header className="col-span-full flex min-w-0 items-center gap-2 pr-3">
      <Link
        to="/"
        aria-label="Gluon: to the board"
        className={`flex flex-none items-center gap-[9px] pl-4 text-[14px] font-semibold tracking-[-0.02em] ${collapsed ? 'pr-2' : 'w-(--w-rail)'}`}
      >
        <Logo />
        <span>Gluon</span>
      </Link>
      <ScopeSwitch />
      <button
        type="button"
        onClick={() => openPalette()}
        className="mx-auto flex h-[30px] w-72 min-w-9 items-center gap-2 rounded-md bg-sunken px-2.5 text-fg-3 shadow-[inset_0_0_0_1px_var(--border)] hover:shadow-[inset_0_0_0_1px_var(--border-control)] pointer-coarse:h-11"
      >
        <Search size={14} strokeWidth={1.75} className="flex-none" />
        <span className="min-w-0 flex-1 truncate">Search runs and transcripts</span>
        <Keys of="mod+k" />
      </button>
      <Today />
      <span className="mx-0.5 h-5 w-px flex-none bg-line" />
      <ConnectionState />
      <Bell />
      <ThemeToggle />
    </header>
  );
}

/** On a phone: which view, what of it, the search and the bell; below it the connection and today's cost. */
export function PhoneTopBar() {
  const word = useLocation({ select: ({ pathname }) => viewOf(pathname)?.word ?? 'Run' });
  return (
    <header className="block">
      <div className="flex h-12 items-center gap-1 pr-2 pl-4">
        <Logo size={20} className="flex-none" />
        <span className="mx-1 text-[17px] font-semibold tracking-[-0.02em]">{word}</span>
        {(word === 'Board' || word === 'List') && <ScopeSwitch small />}
        <span className="ml-auto flex">
          <Button icon aria-label="Search" className="size-11" onClick={() => openPalette()}>
            <Search size={20} strokeWidth={1.75} />
          </Button>
          <Bell />
        </span>
      </div>
      <div className="flex items-center gap-3.5 px-4 pb-2 text-small text-fg-2">
        <ConnectionState />
        <span className="ml-auto">
          <TodayFigure /> today
        </span>
      </div>
    </header>
  );
}

function Today() {
  return (
    <Link
      to="/usage"
      className="flex flex-none items-baseline gap-2 rounded-md px-1.5 py-1 text-micro text-fg-2 hover:bg-hover"
      {...tip('What model calls have cost today (UTC)')}
    >
      Today <TodayFigure />
    </Link>
  );
}

function TodayFigure() {
  return <b className="num font-medium text-fg">{money(useSignal(todayUsd))}</b>;
}

function ThemeToggle() {
  const [dark, setDark] = useState(isDark);
  const Icon = dark ? Sun : Moon;
  return (
    <Button
      icon
      aria-label={dark ? 'Light theme' : 'Dark theme'}
      {...tip(dark ? 'Light theme' : 'Dark theme')}
      onClick={() => {
        setTheme(dark ? 'light' : 'dark');
        setDark(!dark);
      }}
    >
      <Icon size={16} strokeWidth={1.75} />
    </Button>
  );
}
