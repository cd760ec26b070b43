import { useLiveStatus } from '../live/live.ts';

export function TopBar() {
  const { state } = useLiveStatus();
  return (
    <header className="col-span-full flex min-w-0 items-center gap-2 pr-3">
      <span className="w-(--w-rail) pl-4 font-semibold">Gluon</span>
      <span className="ml-auto text-small text-fg-2">{state}</span>
    </header>
  );
}
