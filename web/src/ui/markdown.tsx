/**
 * Markdown that an agent or a person wrote. It is data: markup in it is shown as text, only web and mail addresses become links, in a new
 * window, and no picture is loaded; its address stands in its place.
 */
import { Component, type ComponentProps, memo, type ReactNode } from 'react';
import ReactMarkdown, { type Components } from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { cx } from './class-names.ts';
import { Code } from './code.tsx';
import { languageOfFence } from './highlight/languages.ts';
import './markdown.css';
import { isPlain, safeLink, splitGrowing } from './markdown-text.ts';

export interface MarkdownProps {
  readonly text: string;
  /** It still grows: what will not change any more is not laid out again. */
  readonly live?: boolean;
  readonly className?: string;
}

export const Markdown = memo(function Markdown({ text, live = false, className }: MarkdownProps) {
  const [settled, growing] = live ? splitGrowing(text) : [text, ''];
  return (
    <div className={cx('markdown', live && 'growing', className)}>
      {settled !== '' && <Block text={settled} />}
      {growing !== '' && <Block text={growing} />}
    </div>
  );
});

const PLUGINS = [remarkGfm];

const Block = memo(function Block({ text }: { text: string }) {
  if (isPlain(text)) return <p className="whitespace-pre-wrap">{text}</p>;
  return (
    <Fallback text={text}>
      <ReactMarkdown remarkPlugins={PLUGINS} components={PARTS} urlTransform={keep}>
        {text}
      </ReactMarkdown>
    </Fallback>
  );
});

/** Every address comes to `Anchor` as it is written, which decides. */
const keep = (address: string): string => address;

function Anchor({ href, children }: ComponentProps<'a'>) {
  const safe = safeLink(href ?? '');
  if (safe === null) return <span className="not-linked">{children}</span>;
  return (
    <a href={safe} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  );
}

function Picture({ src, alt }: ComponentProps<'img'>) {
  const address = typeof src === 'string' ? src : '';
  return <Anchor href={address}>{alt === undefined || alt === '' ? address : alt}</Anchor>;
}

/** A fence is told from code in a line by the block around it: `pre` draws the whole of it. */
function Pre({ children }: ComponentProps<'pre'>) {
  const inner = (children as { props?: { className?: string; children?: ReactNode } } | null)?.props;
  const text = typeof inner?.children === 'string' ? inner.children.replace(/\n$/, '') : '';
  const name = /language-(\S+)/.exec(inner?.className ?? '')?.[1] ?? '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled with the keyboard
    <pre tabIndex={0}>
      <Code text={text} language={languageOfFence(name)} />
    </pre>
  );
}

/** Headings of a message stand below the title of the page, which is the first. */
const heading = (Tag: 'h2' | 'h3' | 'h4' | 'h5' | 'h6') =>
  function Heading({ children }: ComponentProps<'h2'>) {
    return <Tag className="heading">{children}</Tag>;
  };

const PARTS: Components = {
  a: Anchor,
  img: Picture,
  pre: Pre,
  h1: heading('h2'),
  h2: heading('h2'),
  h3: heading('h3'),
  h4: heading('h4'),
  h5: heading('h5'),
  h6: heading('h6'),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled with the keyboard
    <div className="table-box" tabIndex={0}>
      <table>{children}</table>
    </div>
  ),
  input: ({ checked }) => (
    <input type="checkbox" checked={checked === true} readOnly disabled aria-label={checked === true ? 'done' : 'to do'} />
  ),
};

/** Text that cannot be laid out is shown as it is written. */
class Fallback extends Component<{ readonly text: string; readonly children: ReactNode }, { failed: string | null }> {
  override state: { failed: string | null } = { failed: null };

  override componentDidCatch(): void {
    this.setState({ failed: this.props.text });
  }

  static getDerivedStateFromError() {
    return { failed: '' };
  }

  override render(): ReactNode {
    const { failed } = this.state;
    const { text, children } = this.props;
    return failed === '' || failed === text ? <p className="whitespace-pre-wrap">{text}</p> : children;
  }
}
