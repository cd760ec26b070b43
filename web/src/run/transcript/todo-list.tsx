/** The agent's todo list: shape, colour and weight tell what is done, what is now and what is to come. */
import { cx } from '../../ui/class-names.ts';
import { Glyph, type GlyphName } from '../../ui/glyph.tsx';

export interface TodoItem {
  readonly text: string;
  /** As the agent's tool names it. */
  readonly status: string;
}

export function TodoList({ items, still = false }: { items: readonly TodoItem[]; still?: boolean }) {
  return (
    <ul className="todo">
      {items.map((item, index) => {
        const [glyph, word] = look(item.status, still);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: a list comes whole each time
          <li key={index} className={cx(glyph === 'completed' && 'done', glyph === 'running' && 'now')}>
            <Glyph name={glyph} size={13} className="tick" />
            <span className="sr">{word}: </span>
            <span className="min-w-0 break-words">{item.text}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** `still`: nothing runs any more, so nothing turns. */
function look(status: string, still: boolean): [GlyphName, string] {
  if (status === 'completed') return ['completed', 'Done'];
  if (status === 'in_progress' && !still) return ['running', 'Now'];
  return ['pending', status === 'in_progress' ? 'Begun' : 'To do'];
}
