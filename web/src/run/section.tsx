/** Parts of the side panel. */
import type { ReactNode } from 'react';
import { sentenceOf } from '../ui/problem.tsx';

interface SectionProps {
  readonly title: string;
  /** Right of the title. */
  readonly right?: ReactNode;
  readonly children?: ReactNode;
}

export function Section({ title, right, children }: SectionProps) {
  return (
    <section className="sect">
      <h2>
        {title}
        {right !== undefined && <span className="r">{right}</span>}
      </h2>
      {children}
    </section>
  );
}

/** A section whose facts could not be read says so in its place. */
export function Unread({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <p className="text-small text-fg-2">
      {sentenceOf(error)}{' '}
      <button type="button" className="text-link" onClick={onRetry}>
        Try again
      </button>
    </p>
  );
}
