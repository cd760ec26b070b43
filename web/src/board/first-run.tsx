/** An empty board teaches the next step. */
import { Link } from '@tanstack/react-router';
import { Inbox, SquareKanban } from 'lucide-react';
import { useProjects, useScopeSearch } from '../app/use-scope.ts';
import { Keys } from '../keyboard/keys.tsx';
import { openNewRun } from '../new-run/open-new-run.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';
import { Problem } from '../ui/problem.tsx';

export function FirstRun() {
  const { data: projects, error, refetch } = useProjects();
  const { project } = useScopeSearch();
  if (error !== null)
    return (
      <div className="m-auto w-full max-w-md p-4">
        <Problem title="The projects could not be read" error={error} onRetry={() => void refetch()} />
      </div>
    );
  if (projects === undefined) return null;
  if (projects.items.length === 0)
    return (
      <Empty
        icon={SquareKanban}
        title="Every agent will stand here"
        text={
          <>
            Begin with a git repository on this machine. In a terminal:
            <code className="my-1.5 block rounded-md bg-sunken px-2.5 py-1.5 whitespace-nowrap text-fg">
              gluon project add &lt;name&gt; &lt;path&gt;
            </code>
          </>
        }
      >
        <Link
          to="/projects"
          search={{ add: true }}
          className="inline-flex h-7 items-center rounded-md bg-ink px-2.5 font-medium text-on-ink hover:bg-ink-hover pointer-coarse:h-11"
        >
          Add a project
        </Link>
      </Empty>
    );
  return (
    <Empty
      icon={SquareKanban}
      title={project === undefined ? 'No run yet' : `No run in ${project} yet`}
      text="Say what is to be done; an agent does it on a branch of its own, in a sandbox, and you look at the result."
    >
      <Button kind="primary" onClick={() => openNewRun(project === undefined ? {} : { project })}>
        New run <Keys of="n" />
      </Button>
    </Empty>
  );
}

export function NothingNeedsYou({ onAll }: { onAll: () => void }) {
  return (
    <Empty icon={Inbox} title="Nothing needs you" text="No question waits, and no work lies in review.">
      <Button kind="outline" onClick={onAll}>
        Show all runs
      </Button>
    </Empty>
  );
}
