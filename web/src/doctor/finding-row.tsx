/** One check: how it went, what was found, how to mend it. */
import type { DoctorFinding } from '../../../src/contract/resources.ts';
import { cx } from '../ui/class-names.ts';
import { Glyph, type GlyphName } from '../ui/glyph.tsx';

const LOOKS: Record<DoctorFinding['status'], { glyph: GlyphName; word: string }> = {
  pass: { glyph: 'completed', word: 'Fine' },
  warn: { glyph: 'slow', word: 'Warning' },
  fail: { glyph: 'failed', word: 'Problem' },
  skip: { glyph: 'cancelled', word: 'Left out' },
};

export function FindingRow({ finding }: { finding: DoctorFinding }) {
  const { status, title, detail, fix, fixable } = finding;
  const { glyph, word } = LOOKS[status];
  const trouble = status === 'fail' || status === 'warn';
  return (
    <li className="flex items-start gap-2.5 border-t border-line-subtle px-3.5 py-[7px]">
      <Glyph name={glyph} size={14} className="mt-[3px]" />
      {/* What is fine takes one line. */}
      <div className={cx('min-w-0 flex-1', !trouble && 'flex flex-wrap items-baseline gap-x-2')}>
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className={cx('font-medium', !trouble && 'text-fg')}>{title}</span>
          <span className={status === 'fail' ? 'text-small text-failed-fg' : status === 'warn' ? 'text-small text-warning-fg' : 'sr'}>
            {word}
          </span>
          {fixable && <span className="text-small text-fg-3">can be fixed here</span>}
        </p>
        <p className="text-small break-words text-fg-2">{detail}</p>
        {fix !== null && <p className="mt-0.5 text-small break-words text-fg">{fix}</p>}
      </div>
    </li>
  );
}
