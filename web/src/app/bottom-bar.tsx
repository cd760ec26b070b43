/** The views on a phone, with `New run` in the middle, within reach of a thumb. */
import { Link, useLocation, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Plus } from 'lucide-react';
import { openNewRun } from '../new-run/open-new-run.ts';
import { cx } from '../ui/class-names.ts';
import { Count } from '../ui/count.tsx';
import { Menu } from '../ui/menu.tsx';
import { useScopeSearch } from './use-scope.ts';
import { ACTIVITY, BOARD, DOCTOR, LIST, PROJECTS, SETTINGS, USAGE, type View } from './views.ts';
import { useYourTurn } from './your-turn.tsx';

const ITEM = 'relative flex h-full min-w-11 flex-1 flex-col items-center justify-center gap-1 text-micro font-medium';
const MORE = [USAGE, PROJECTS, DOCTOR, SETTINGS];

export function BottomBar() {
  const scope = useScopeSearch();
  const path = useLocation({ select: ({ pathname }) => pathname });
  const navigate = useNavigate();
  const item = (view: View) => <BarLink view={view} here={path === view.to} search={view === ACTIVITY ? {} : scope} />;
  const elsewhere = MORE.some(({ to }) => to === path);
  return (
    <nav aria-label="Views" className="flex items-stretch border-t border-line-subtle bg-canvas">
      {item(BOARD)}
      {item(LIST)}
      <span className="grid flex-1 place-items-center">
        <button
          type="button"
          aria-label="New run"
          onClick={() => openNewRun(scope.project === undefined ? {} : { project: scope.project })}
          className="grid size-11 place-items-center rounded-full bg-ink text-on-ink shadow-pop"
        >
          <Plus size={20} strokeWidth={1.75} />
        </button>
      </span>
      {item(ACTIVITY)}
      <Menu
        label="More views"
        entries={() =>
          MORE.map(({ to, word, icon: Icon }) => ({ label: word, icon: <Icon size={16} />, run: () => void navigate({ to }) }))
        }
        trigger={(props) => (
          <button type="button" {...props} className={cx(ITEM, elsewhere ? 'text-fg' : 'text-fg-2')}>
            <Ellipsis size={20} strokeWidth={1.75} />
            More
          </button>
        )}
      />
    </nav>
  );
}

function BarLink(props: { view: View; here: boolean; search: object }) {
  const { to, word, icon: Icon } = props.view;
  const yourTurn = useYourTurn();
  const turns = to === '/' ? yourTurn : 0;
  return (
    <Link
      to={to}
      search={props.search}
      aria-current={props.here ? 'page' : undefined}
      className={cx(ITEM, props.here ? 'text-fg' : 'text-fg-2')}
    >
      <span className="relative">
        <Icon size={20} strokeWidth={1.75} />
        {turns > 0 && (
          <span aria-hidden>
            <Count value={turns} you className="absolute -top-1.5 -right-3" />
          </span>
        )}
      </span>
      {word}
      {turns > 0 && <span className="sr">, {turns} wait for you</span>}
    </Link>
  );
}
