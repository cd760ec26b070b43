/** src/contract/operation-routes.gen.ts: the routes alone, for clients that start without the schemas. */

import type { Operation } from '../../src/contract/operation.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../src/contract/operations.ts';

export function operationRoutes(): string {
  const lines = OPERATION_NAMES.map((name) => {
    const { method, path, binary }: Operation = OPERATIONS[name];
    return `  '${name}': { method: '${method}', path: '${path}'${binary === true ? ', binary: true' : ''} },`;
  });
  return [
    '/** Generated from src/contract/operations.ts by "npm run generate": the routes alone, for clients that start without the schemas. */',
    "import type { OperationName } from './operations.ts';",
    '',
    'export const OPERATION_ROUTES: Record<OperationName, { method: string; path: string; binary?: true }> = {',
    ...lines,
    '};',
    '',
  ].join('\n');
}
