/** What a tool call opens to, by tool. */
import { Markdown } from '../../ui/markdown.tsx';
import { EditBox } from './edit-box.tsx';
import { type Call, fieldsOf, listOf, textOf, withResult } from './records.ts';
import { useRows } from './row-context.ts';
import { EDITS } from './rows.ts';
import { TerminalBox } from './terminal-box.tsx';
import { TodoList } from './todo-list.tsx';
import { useWhole } from './whole-record.tsx';

export function CallBody({ call: shown }: { call: Call }) {
  const whole = useWhole(shown.cut);
  const call = whole.record === null ? shown : completed(shown, whole.record);
  return (
    <>
      <Body call={call} />
      {whole.offer}
    </>
  );
}

/** The whole record may be that of the call or that of its result. */
function completed(call: Call, record: Parameters<typeof withResult>[1]): Call {
  return record.type === 'tool_use' ? { ...call, input: fieldsOf(record.input) } : withResult(call, record);
}

function Body({ call }: { call: Call }) {
  const { live } = useRows();
  const { name, input, result } = call;
  const failed = result?.ok === false;
  if (EDITS.has(name)) {
    return (
      <>
        <EditBox call={call} />
        {failed && <TerminalBox text={result.output} />}
      </>
    );
  }
  if (name === 'Bash') {
    const command = textOf(input.command);
    return (
      <TerminalBox
        command={command.includes('\n') || command.length > 100 ? command : ''}
        text={shellOutput(call)}
        pending={result === null}
      />
    );
  }
  if (name === 'TodoWrite')
    return (
      <TodoList items={listOf(input.todos).map((todo) => ({ text: textOf(todo.content), status: textOf(todo.status) }))} still={!live} />
    );
  if (name === 'ExitPlanMode') return <Markdown text={textOf(input.plan)} className="px-3.5 py-2.5" />;
  if (name === 'WebFetch' || name === 'WebSearch') {
    return (
      <div className="px-3.5 py-2.5">
        {textOf(input.prompt) !== '' && <p className="mb-1.5 text-small text-fg-2">{textOf(input.prompt)}</p>}
        <Markdown text={result?.output ?? ''} />
      </div>
    );
  }
  const silent = name === 'Read' || name === 'Grep' || name === 'Glob' || name === 'LS';
  return (
    <>
      {!silent && Object.keys(input).length > 0 && <TerminalBox text={JSON.stringify(input, null, 2)} plain />}
      <TerminalBox text={result?.output ?? ''} pending={result === null} />
    </>
  );
}

/** The two streams where they are told apart, else what the agent was given. */
function shellOutput({ result }: Call): string {
  if (result === null) return '';
  const { stdout, stderr } = result.detail;
  // The code stands in the line above.
  if (typeof stdout !== 'string') return result.output.replace(/^(?:Error: )?Exit code \d+\n/, '');
  return [stdout, textOf(stderr)].filter((text) => text.trim() !== '').join('\n');
}
