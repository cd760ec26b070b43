/** Subagents: one line each with what it costs in calls and time; it opens to what it did. */
import { Bot, ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { cx } from '../../ui/class-names.ts';
import { duration, tokens, words } from '../../ui/format.ts';
import { Glyph } from '../../ui/glyph.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { textOf } from './records.ts';
import { useRows } from './row-context.ts';
import type { Agent, RowOf } from './rows.ts';

export function AgentsRow({ row }: { row: RowOf<'agents'> }) {
  const done = row.agents.filter(({ state }) => state !== 'running').length;
  return (
    <div className="agents">
      <div className="ahead">
        <Bot size={14} strokeWidth={1.75} aria-hidden className="text-fg-2" />
        <b>{row.agents.length === 1 ? '1 subagent' : `${row.agents.length} subagents`}</b>
        <span className="text-fg-3">
          {row.agents.length > 1 && 'in parallel · '}
          {done === row.agents.length ? 'done' : `${done} done`}
        </span>
      </div>
      {row.agents.map((agent) => (
        <AgentLine key={agent.call.id} agent={agent} />
      ))}
    </div>
  );
}

const SHOWN = 30;

function AgentLine({ agent }: { agent: Agent }) {
  const { isOpen, toggle, live, render } = useRows();
  const [all, setAll] = useState(false);
  const key = `agent.${agent.call.id}`;
  const open = isOpen(key, agent.state === 'failed');
  const title = textOf(agent.call.input.description) || agent.summary || agent.call.summary || 'Subagent';
  const calls = agent.children.filter(({ kind }) => kind === 'call').length;
  const running = agent.state === 'running' && live;
  const tookMs = agent.call.result?.tookMs ?? Date.parse(agent.lastAt) - Date.parse(agent.call.at);
  const shown = all ? agent.children : agent.children.slice(-SHOWN);
  // Its last words stand among its rows; without them its result tells what came of it.
  const outcome = agent.children.some(({ kind }) => kind === 'prose') ? '' : (agent.call.result?.output ?? '');
  return (
    <div className="agent">
      <button type="button" className={cx('line', open && 'open')} aria-expanded={open} onClick={() => toggle(key, !open)}>
        <ChevronRight size={12} strokeWidth={1.75} aria-hidden className="chev" />
        <Glyph
          name={agent.state === 'failed' ? 'failed' : running ? 'running' : agent.state === 'done' ? 'completed' : 'cancelled'}
          size={13}
        />
        <span className="sr">{agent.state === 'failed' ? 'Failed: ' : running ? 'Working: ' : ''}</span>
        <span className="truncate font-medium text-fg">{title}</span>
        {agent.kind !== '' && <span className="tag">{words(agent.kind)}</span>}
        {running && agent.summary !== '' && <span className="truncate text-fg-3">{agent.summary}</span>}
        <span className="num ml-auto text-micro text-fg-3">
          {[
            calls > 0 ? `${calls} ${calls === 1 ? 'call' : 'calls'}` : '',
            agent.tokens === null ? '' : `${tokens(agent.tokens)} tokens`,
            tookMs > 0 ? duration(tookMs) : '',
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
      </button>
      {open && (
        <div className="kids">
          {shown.length < agent.children.length && (
            <button type="button" className="more" onClick={() => setAll(true)}>
              Show {agent.children.length - shown.length} earlier
            </button>
          )}
          {shown.map((row) => render(row))}
          {outcome !== '' && <Markdown text={outcome} className="py-1.5" />}
        </div>
      )}
    </div>
  );
}
