/** What an entry point calls: one handler per operation, already authorised, with parsed input. */
import type { Role } from './operation.ts';
import type { OperationName, OperationOutput, ParsedInput } from './operations.ts';

export interface CallContext {
  /** Who asked, as recorded in events: `cli`, `web`, `api`, … with the name of the token's owner once there are users. */
  readonly actor: string;
  readonly role: Role;
  readonly requestId: string;
}

export type Handlers = {
  readonly [K in OperationName]: (input: ParsedInput<K>, context: CallContext) => Promise<OperationOutput<K>>;
};
