/** An error in one view leaves the rest of the page alone, and says what happened. */
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { Glyph } from '../ui/glyph.tsx';

interface Props {
  readonly name: string;
  readonly children: ReactNode;
}

export class ViewBoundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null };

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    // For whoever reports it: the browser's own console is the page's log.
    reportError(new Error(`${this.props.name}: ${error.message}${info.componentStack ?? ''}`, { cause: error }));
  }

  /** Who goes on to another view leaves the error behind. */
  override componentDidUpdate(before: Props): void {
    if (before.name !== this.props.name && this.state.error !== null) this.setState({ error: null });
  }

  override render(): ReactNode {
    const { error } = this.state;
    if (error === null) return this.props.children;
    // A part of the page that is loaded late and is not there any more: the server was updated meanwhile.
    const old = /dynamically imported module|module script failed/i.test(error.message);
    return (
      <div role="alert" className="m-auto flex max-w-md flex-col items-center gap-3 p-8 text-center">
        <Glyph name="failed" size={24} />
        <p className="text-h3 font-semibold">{old ? 'This view could not be loaded' : 'This view broke'}</p>
        <p className="text-fg-2 break-words">
          {old ? 'The server cannot be reached, or has a newer page. Drafts are kept.' : error.message}
        </p>
        <div className="flex gap-2">
          <Button kind="primary" onClick={() => this.setState({ error: null })}>
            Show it again
          </Button>
          <Button kind="outline" onClick={() => location.reload()}>
            Load the page again
          </Button>
        </div>
      </div>
    );
  }
}
