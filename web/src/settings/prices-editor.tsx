/** Own prices per model, in USD per million tokens; they win over the built-in table. */
import { Trash2 } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { money } from '../ui/format.ts';
import { sentenceOf } from '../ui/problem.tsx';
import { useChangeSetting } from './use-settings.ts';

const RATES = [
  ['input', 'Input'],
  ['output', 'Output'],
  ['cache_read', 'Cache read'],
  ['cache_write', 'Cache write'],
] as const;

export function PricesEditor({ value, fixed }: { value: unknown; fixed: boolean }) {
  const prices = Object.entries((value ?? {}) as Record<string, Record<string, number>>);
  return (
    <>
      {prices.length > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full border-collapse text-small">
            <caption className="sr">Own prices in USD per million tokens</caption>
            <thead>
              <tr className="text-micro text-fg-3">
                <th scope="col" className="h-7 text-start font-medium">
                  Model
                </th>
                {RATES.map(([rate, label]) => (
                  <th key={rate} scope="col" className="px-2.5 text-end font-medium whitespace-nowrap">
                    {label}
                  </th>
                ))}
                <td />
              </tr>
            </thead>
            <tbody>
              {prices.map(([model, rates]) => (
                <PriceRow key={model} model={model} rates={rates} fixed={fixed} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {!fixed && <NewPrice />}
    </>
  );
}

function PriceRow({ model, rates, fixed }: { model: string; rates: Record<string, number>; fixed: boolean }) {
  const change = useChangeSetting(`prices.${model}`);
  return (
    <tr className="border-t border-line-subtle">
      <th scope="row" className="h-[34px] text-start font-regular break-all">
        {model}
        {change.error !== null && (
          <span role="alert" className="block text-failed-fg">
            {sentenceOf(change.error)}
          </span>
        )}
      </th>
      {RATES.map(([rate]) => (
        <td key={rate} className="num px-2.5 text-end text-fg-2">
          {typeof rates[rate] === 'number' ? money(rates[rate]) : 'usual'}
        </td>
      ))}
      <td className="w-8 text-end">
        {!fixed && (
          <Button
            icon
            size="sm"
            busy={change.isPending}
            aria-label={`Remove the price of ${model}`}
            onClick={() => change.mutate({ reset: true })}
          >
            <Trash2 size={13} strokeWidth={1.75} />
          </Button>
        )}
      </td>
    </tr>
  );
}

function NewPrice() {
  const [model, setModel] = useState('');
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const change = useChangeSetting(`prices.${model.trim()}`);
  const ready = model.trim() !== '' && (typed.input ?? '') !== '' && (typed.output ?? '') !== '';

  function save(event: FormEvent): void {
    event.preventDefault();
    if (!ready) return;
    const rates = Object.fromEntries(
      RATES.flatMap(([rate]) => {
        const text = (typed[rate] ?? '').trim();
        const number = Number(text);
        // What is no number goes to the server as it is: its sentence says what is wrong.
        return text === '' ? [] : [[rate, Number.isNaN(number) ? text : number]];
      }),
    );
    change.mutate(
      { to: rates },
      {
        onSuccess: () => {
          setModel('');
          setTyped({});
        },
      },
    );
  }

  return (
    <form onSubmit={save} className="grid grid-cols-[minmax(0,2fr)_repeat(4,minmax(0,1fr))_auto] items-end gap-2 max-[880px]:grid-cols-2">
      <Field label="Model" className="max-[880px]:col-span-2">
        {(control) => (
          <TextInput
            {...control}
            value={model}
            onChange={({ target }) => {
              setModel(target.value);
              change.reset();
            }}
          />
        )}
      </Field>
      {RATES.map(([rate, label]) => (
        <Field key={rate} label={label}>
          {(control) => (
            <TextInput
              {...control}
              inputMode="decimal"
              placeholder={rate.startsWith('cache') ? 'usual' : 'USD'}
              className="num"
              value={typed[rate] ?? ''}
              onChange={({ target }) => {
                setTyped({ ...typed, [rate]: target.value });
                change.reset();
              }}
            />
          )}
        </Field>
      ))}
      <Button type="submit" kind="outline" size="lg" disabled={!ready} busy={change.isPending}>
        Add price
      </Button>
      {change.error !== null && (
        <p role="alert" className="col-span-full text-small text-failed-fg">
          {sentenceOf(change.error)}
        </p>
      )}
    </form>
  );
}
