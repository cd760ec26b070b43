/** The caps of one run: money, turns, minutes. An empty field means no cap of its own. */
import { useState } from 'react';
import type { Run } from '../../../src/contract/resources.ts';
import { call } from '../api/call.ts';
import { wholeRuns } from '../store/use-runs.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { Field, TextInput } from '../ui/field.tsx';
import { Problem } from '../ui/problem.tsx';

const FIELDS = [
  { name: 'max_cost_usd', label: 'Cost, in dollars', whole: false },
  { name: 'max_turns', label: 'Turns', whole: true },
  { name: 'max_duration_minutes', label: 'Minutes', whole: false },
] as const;
type Values = Record<(typeof FIELDS)[number]['name'], string>;

export function LimitsDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const [values, setValues] = useState<Values>({
    max_cost_usd: run.max_cost_usd?.toString() ?? '',
    max_turns: run.max_turns?.toString() ?? '',
    max_duration_minutes: run.max_duration_minutes?.toString() ?? '',
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wrong = FIELDS.filter(({ name, whole }) => !isCap(values[name], whole)).map(({ name }) => name);

  async function save(): Promise<void> {
    setBusy(true);
    try {
      const caps = Object.fromEntries(FIELDS.map(({ name }) => [name, values[name].trim() === '' ? null : Number(values[name])]));
      wholeRuns.put([await call('runs.update', { run: run.id, ...caps })]);
      onClose();
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title="Limits of this run"
      width={400}
      footer={
        <Button kind="primary" className="ml-auto" busy={busy} disabled={wrong.length > 0} onClick={() => void save()}>
          Save
        </Button>
      }
    >
      <div className="grid gap-3 px-5 pb-4">
        {FIELDS.map(({ name, label, whole }) => (
          <Field
            key={name}
            label={label}
            error={wrong.includes(name) ? (whole ? 'A whole number above 0, or empty.' : 'A number from 0, or empty.') : undefined}
          >
            {(control) => (
              <TextInput
                {...control}
                inputMode="decimal"
                placeholder="No limit"
                value={values[name]}
                onChange={(event) => setValues({ ...values, [name]: event.target.value })}
              />
            )}
          </Field>
        ))}
        {error !== null && <Problem title="The limits were not changed" error={error} />}
      </div>
    </Dialog>
  );
}

function isCap(text: string, whole: boolean): boolean {
  const trimmed = text.trim();
  if (trimmed === '') return true;
  const value = Number(trimmed);
  return Number.isFinite(value) && (whole ? Number.isInteger(value) && value > 0 : value >= 0);
}
