/** Reading operations as queries: asked once, kept until a live message or an action says that they are old. */
import { queryOptions } from '@tanstack/react-query';
import type { OperationInput, OperationName } from '../../../src/contract/operations.ts';
import { call } from './call.ts';

/** Of one operation and input; `[name]` alone names all inputs of it, for `invalidateQueries`. */
export function operationQuery<K extends OperationName>(name: K, input: OperationInput<K>) {
  return queryOptions({ queryKey: [name, input] as const, queryFn: ({ signal }) => call(name, input, { signal }) });
}
