/** Comments on one line, or those whose line is not shown. */
import { Ellipsis } from 'lucide-react';
import type { ReviewComment } from '../../../../src/contract/web-resources.ts';
import { session } from '../../api/session.ts';
import { Button } from '../../ui/button.tsx';
import { cx } from '../../ui/class-names.ts';
import { clockTime, dateTime, whole } from '../../ui/format.ts';
import { Menu } from '../../ui/menu.tsx';
import { toastFailure } from '../../ui/toast.tsx';
import { tip } from '../../ui/tooltip.tsx';
import type { Comments } from '../use-comments.ts';
import type { Writing } from '../use-writing.ts';
import { ComposeBox } from './compose-box.tsx';

interface ThreadProps {
  readonly items: readonly ReviewComment[];
  /** The line is not shown: each says what it was about. */
  readonly loose: boolean;
  readonly right: boolean;
  readonly comments: Comments;
  readonly writing: Writing;
  readonly mayWrite: boolean;
}

export function Thread({ items, loose, right, comments, writing, mayWrite }: ThreadProps) {
  return (
    <div className={cx('diff-thread', right && 'right')}>
      {items.map((each) => (
        <Bubble key={each.id} comment={each} loose={loose} comments={comments} writing={writing} mayWrite={mayWrite} />
      ))}
    </div>
  );
}

const STATES: Record<ReviewComment['state'], readonly [word: string, meaning: string, look: string]> = {
  open: ['Open', 'Not sent to the agent yet', 'bg-accent-tint text-accent-fg shadow-[inset_0_0_0_1px_var(--accent-line)]'],
  sent: ['Sent', 'The agent has it', 'bg-running-tint text-running-fg shadow-[inset_0_0_0_1px_var(--running-line)]'],
  addressed: [
    'Addressed',
    'The line changed after it was sent',
    'bg-completed-tint text-completed-fg shadow-[inset_0_0_0_1px_var(--completed-line)]',
  ],
  obsolete: ['Obsolete', 'The line is gone', 'text-fg-2 shadow-[inset_0_0_0_1px_var(--border)]'],
};

function Bubble({
  comment,
  loose,
  comments,
  writing,
  mayWrite,
}: { readonly comment: ReviewComment } & Omit<ThreadProps, 'items' | 'right'>) {
  const editing = writing.edits.get(comment.id);
  const [word, meaning, look] = STATES[comment.state];
  const who = session();
  const own = who.state === 'in' && who.user.name === comment.by;
  const name = own ? 'You' : comment.by;

  if (editing !== undefined) {
    return (
      <ComposeBox
        label={`New text of the comment on line ${comment.line}`}
        action="Save"
        text={editing}
        onText={(text) => writing.edit(comment.id, text)}
        onCancel={() => writing.edit(comment.id, null)}
        takesFocus={() => editing === comment.body}
        onSave={async (text) => {
          await comments.edit(comment.id, text);
          writing.edit(comment.id, null);
        }}
      />
    );
  }
  return (
    <article className={cx('diff-bubble', comment.state !== 'open' && 'settled')} aria-label={`Comment of ${name}, ${word}`}>
      <header className="mb-1 flex items-center gap-2 text-small">
        <span
          aria-hidden="true"
          className="grid size-4.5 flex-none place-items-center rounded-full bg-active text-[8px] font-semibold text-fg-2"
        >
          {comment.by.slice(0, 2).toUpperCase()}
        </span>
        <b className="min-w-0 truncate font-semibold">{name}</b>
        <time className="num flex-none text-fg-3" dateTime={comment.created_at} {...tip(dateTime(comment.created_at))}>
          {clockTime(comment.created_at)}
        </time>
        <span className="ml-auto flex flex-none items-center gap-1">
          <span className={cx('inline-flex h-5 items-center rounded-sm px-1.5 text-micro font-medium', look)} {...tip(meaning)}>
            {word}
          </span>
          {mayWrite && comment.state !== 'sent' && (
            <Menu
              label="The comment"
              entries={() => [
                ...(comment.sent_at === null ? [{ label: 'Edit', run: () => writing.edit(comment.id, comment.body) }] : []),
                {
                  label: 'Remove',
                  danger: true,
                  run: () => void comments.remove(comment.id).catch((error: unknown) => toastFailure('The comment was not removed', error)),
                },
              ]}
              trigger={(props) => (
                <Button {...props} icon size="sm" aria-label="More for the comment">
                  <Ellipsis size={14} strokeWidth={1.75} aria-hidden />
                </Button>
              )}
            />
          )}
        </span>
      </header>
      {loose && (
        <p className="mono mb-1 truncate text-[11px] text-fg-3">
          {comment.side === 'old' ? 'Old line' : 'Line'} {whole(comment.line)}
          {comment.line_text !== '' && `: ${comment.line_text.trim()}`}
        </p>
      )}
      <p className="break-words whitespace-pre-wrap">{comment.body}</p>
    </article>
  );
}
