import type { Run } from '../../../src/contract/resources.ts';

export function SidePanel({ run }: { run: Run; onClose?: () => void }) {
  return (
    <aside className="inspector" aria-label="Facts of this run">
      {run.status}
    </aside>
  );
}
