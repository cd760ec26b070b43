import type { OperationOutput } from '../../contract/operations.ts';
import type { Attempt } from '../../contract/resources.ts';
import type { CommandCode } from '../command.ts';
import { ago, oneLine, shortId, usd } from '../terminal/format.ts';
import { printResult, tableText } from '../terminal/print.ts';
import { type Column, renderFields } from '../terminal/table.ts';

type Session = OperationOutput<'sessions.list'>['items'][number];

export const list: CommandCode = async (context, args) => {
  const page = await context.client.call('sessions.list', {
    project: args.text('project'),
    limit: args.number('limit'),
    cursor: args.text('cursor'),
  });
  const nowMs = context.io.clock.nowMs();
  const columns: readonly Column<Session>[] = [
    { title: 'SESSION', cell: (session) => shortId(session.session_id) },
    { title: 'RUN', cell: (session) => shortId(session.run_id) },
    { title: 'PROJECT', cell: (session) => oneLine(session.project, 24) },
    { title: 'AGENT', cell: (session) => oneLine(session.agent) },
    { title: 'ATTEMPTS', cell: (session) => String(session.attempts), align: 'right' },
    { title: 'TITLE', cell: (session) => oneLine(session.title), flexible: true },
    { title: 'USED', cell: (session) => ago(session.last_used_at, nowMs), align: 'right' },
  ];
  printResult(context, page, () => tableText(context, page.items, columns, 'No sessions yet.'));
  return 0;
};

const ATTEMPT_COLUMNS: readonly Column<Attempt>[] = [
  { title: '#', cell: (attempt) => String(attempt.number), align: 'right' },
  { title: 'KIND', cell: (attempt) => attempt.kind },
  { title: 'STATE', cell: (attempt) => attempt.state },
  { title: 'OUTCOME', cell: (attempt) => attempt.outcome ?? '-' },
  { title: 'COST', cell: (attempt) => usd(attempt.cost_usd), align: 'right' },
  { title: 'STARTED', cell: (attempt) => oneLine(attempt.started_at).slice(0, 19) },
  { title: 'DETAIL', cell: (attempt) => oneLine(attempt.detail ?? ''), flexible: true },
];

export const show: CommandCode = async (context, args) => {
  const shown = await context.client.call('sessions.get', { session: args.required('session') });
  printResult(
    context,
    shown,
    () =>
      renderFields(
        [
          ['Session', oneLine(shown.session_id)],
          ['Run', `${shortId(shown.run.id)} ${oneLine(shown.run.title, 80)}`],
          ['Project', oneLine(shown.run.project)],
        ],
        context.style,
      ) + tableText(context, shown.attempts, ATTEMPT_COLUMNS, 'No attempts.'),
  );
  return 0;
};
