import type { EgressDecision } from '../../contract/resources.ts';
import type { CommandCode } from '../command.ts';
import { runRef } from '../run-ref.ts';
import { bytes, oneLine } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import { type Column, renderFields } from '../terminal/table.ts';

const COLUMNS: readonly Column<EgressDecision>[] = [
  { title: 'AT', cell: (decision) => oneLine(decision.at).slice(0, 19) },
  { title: 'NAME', cell: (decision) => oneLine(`${decision.host}:${decision.port}`), flexible: true },
  {
    title: 'DECISION',
    cell: (decision) => (decision.allowed ? 'allowed' : 'refused'),
    paint: (decision) => (decision.allowed ? 'green' : 'red'),
  },
  { title: 'UP', cell: (decision) => bytes(decision.bytes_up), align: 'right' },
  { title: 'DOWN', cell: (decision) => bytes(decision.bytes_down), align: 'right' },
  { title: 'WHY', cell: (decision) => oneLine(decision.reason) },
];

export const show: CommandCode = async (context, args) => {
  const shown = await context.client.call('egress.show', { run: runRef(args) });
  printResult(
    context,
    shown,
    () =>
      renderFields(
        [
          ['Policy', oneLine([shown.policy].flat().join(', '))],
          ['Allowed', shown.names.map((name) => oneLine(name)).join(', ')],
          ['Refused', shown.refused.map((name) => oneLine(name)).join(', ')],
          ['Moved', bytes(shown.bytes)],
        ],
        context.style,
      ) + tableText(context, shown.decisions, COLUMNS, 'No connections yet.'),
  );
  return 0;
};

function decide(operation: 'egress.allow' | 'egress.deny', word: string): CommandCode {
  return async (context, args) => {
    const host = args.required('host');
    const scope = args.flag('project') ? 'project' : 'run';
    const done = await context.client.call(operation, { run: runRef(args), host, scope });
    printResult(context, done, () => `${word} ${oneLine(host)} for the ${scope}.\n`);
    return 0;
  };
}

export const allow = decide('egress.allow', 'Allowed');
export const deny = decide('egress.deny', 'Denied');
