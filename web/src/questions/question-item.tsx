import { Check } from 'lucide-react';
import { useId } from 'react';
import type { QuestionItem } from '../../../src/contract/resources.ts';
import { cx } from '../ui/class-names.ts';
import { TextInput } from '../ui/field.tsx';
import { type ItemDraft, optionLabel } from './answers.ts';

interface QuestionItemFieldsProps {
  readonly item: QuestionItem;
  /** The only item of its question: it stands larger. */
  readonly alone: boolean;
  readonly draft: ItemDraft;
  readonly onToggle: (label: string) => void;
  readonly onType: (text: string) => void;
}

export function QuestionItemFields({ item, alone, draft, onToggle, onType }: QuestionItemFieldsProps) {
  const id = useId();
  const words = item.options.length === 0 ? 'Your answer' : item.multi_select ? 'Add a note for the agent' : 'Or answer in your own words';
  return (
    <fieldset className="grid min-w-0 gap-2.5">
      <legend className="mb-2.5 grid gap-0.5">
        {!alone && item.header !== '' && <span className="text-small font-medium text-accent-fg">{item.header}</span>}
        <span className="text-prose font-medium break-words whitespace-pre-line max-phone:text-[16px]">{item.question}</span>
        {item.multi_select && <span className="text-small text-fg-3">Choose any</span>}
      </legend>
      {item.options.length > 0 && (
        <div className="grid gap-1.5 max-phone:gap-2">
          {item.options.map(({ label, description }, index) => (
            <Option
              // biome-ignore lint/suspicious/noArrayIndexKey: options never change their places, and two may have one label
              key={`${index}:${label}`}
              name={id}
              many={item.multi_select}
              on={draft.chosen.includes(label)}
              label={label}
              description={description}
              onToggle={() => onToggle(label)}
            />
          ))}
        </div>
      )}
      {item.free_text && (
        <TextInput
          value={draft.text}
          placeholder={words}
          aria-label={`${words}: ${item.question}`}
          maxLength={20_000}
          onChange={(event) => onType(event.target.value)}
          className={cx('h-9', draft.own && draft.text.trim() !== '' && 'shadow-[inset_0_0_0_1.5px_var(--accent)]')}
        />
      )}
    </fieldset>
  );
}

interface OptionProps {
  readonly name: string;
  readonly many: boolean;
  readonly on: boolean;
  readonly label: string;
  readonly description: string;
  readonly onToggle: () => void;
}

function Option({ name, many, on, label, description, onToggle }: OptionProps) {
  const { text, recommended } = optionLabel(label);
  return (
    <label className="relative flex min-w-0 cursor-pointer items-start gap-2.5 rounded-md px-2.5 py-2 leading-[18px] text-fg-2 shadow-[inset_0_0_0_1px_var(--border)] hover:shadow-[inset_0_0_0_1px_var(--border-control)] has-checked:bg-accent-tint has-checked:shadow-[inset_0_0_0_1.5px_var(--accent)] has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus max-phone:px-3.5 max-phone:py-3 max-phone:text-[14px]">
      <input
        type={many ? 'checkbox' : 'radio'}
        name={name}
        checked={on}
        onChange={onToggle}
        className="absolute inset-0 m-0 cursor-pointer opacity-0"
      />
      <span
        aria-hidden="true"
        className={cx(
          'mt-px grid size-4 flex-none place-items-center max-phone:size-5',
          many ? 'rounded-sm' : 'rounded-full',
          on ? 'bg-accent text-on-accent' : 'shadow-[inset_0_0_0_1.5px_var(--border-control)]',
        )}
      >
        {on && (many ? <Check size={12} strokeWidth={2.25} /> : <i className="size-1.5 rounded-full bg-on-accent" />)}
      </span>
      <span className="min-w-0 break-words">
        <b className="block font-medium text-fg">
          {text}
          {recommended && (
            <span className="ml-1.5 inline-flex h-4 items-center rounded-sm px-1.5 text-micro text-accent-fg shadow-[inset_0_0_0_1px_var(--accent-line)]">
              Recommended
            </span>
          )}
        </b>
        {description}
      </span>
    </label>
  );
}
