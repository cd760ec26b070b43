/** Time since a moment, ticking while it has no end. */
import { duration } from '../ui/format.ts';
import { useNow } from '../ui/use-now.ts';

export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const began = Date.parse(from);
  return to === null ? <Ticking began={began} /> : <span className="num">{duration(Date.parse(to) - began)}</span>;
}

function Ticking({ began }: { began: number }) {
  const now = useNow(1_000);
  return <span className="num">{duration(now - began)}</span>;
}
