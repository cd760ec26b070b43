/** One of a few, all of them seen at once. Arrow keys move between them: each is a radio button underneath. */
import { type ReactNode, useId } from 'react';
import { cx } from './class-names.ts';

export interface Segment<T extends string> {
  readonly value: T;
  readonly label: ReactNode;
}

interface SegmentedProps<T extends string> {
  /** What is chosen here, read aloud. */
  readonly label: string;
  readonly value: T;
  readonly options: readonly Segment<T>[];
  readonly onChange: (value: T) => void;
  readonly disabled?: boolean;
  readonly className?: string;
}

export function Segmented<T extends string>({ label, value, options, onChange, disabled, className }: SegmentedProps<T>) {
  const name = useId();
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className={cx(
        'inline-flex max-w-full flex-none gap-px overflow-x-auto rounded-[7px] bg-sunken p-0.5 shadow-[inset_0_0_0_1px_var(--border-subtle)]',
        className,
      )}
    >
      {options.map((each) => (
        <label
          key={each.value}
          className="relative inline-flex h-6 cursor-pointer items-center gap-1.5 rounded-[5px] px-2.5 text-small font-medium whitespace-nowrap text-fg-2 has-checked:bg-raised has-checked:text-fg has-checked:shadow-[0_0_0_1px_var(--border),var(--e-card)] has-disabled:cursor-default has-disabled:text-fg-disabled has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:h-10"
        >
          <input
            type="radio"
            name={name}
            value={each.value}
            checked={each.value === value}
            disabled={disabled}
            onChange={() => onChange(each.value)}
            className="absolute inset-0 m-0 cursor-pointer opacity-0"
          />
          {each.label}
        </label>
      ))}
    </div>
  );
}
