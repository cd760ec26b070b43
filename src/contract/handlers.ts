/** What an entry point calls: one handler per operation, already authorised, with parsed input. */
import type { Role } from './operation.ts';
import type { OperationName, OperationOutput, ParsedInput } from './operations.ts';
import type { WebSession } from './web-session.ts';

export interface CallContext {
  /** Who asked, as recorded in events: `cli`, `web`, `api`, … with the name of the token's owner once there are users. */
  readonly actor: string;
  readonly role: Role;
  /** Whose token or session it was: `owner` for the token of the home, empty on public addresses. What a person has seen is kept by it. */
  readonly user: string;
  readonly requestId: string;
  /** The session that the request's cookie stands for; null when it came with a bearer token, or with nothing. */
  readonly session: WebSession | null;
  /** A browser asks, over https. */
  readonly secure: boolean;
  /** Gives the browser that asks its session cookie, or takes it away (null). */
  setSession(token: string | null): void;
}

export type Handlers = {
  readonly [K in OperationName]: (input: ParsedInput<K>, context: CallContext) => Promise<OperationOutput<K>>;
};
