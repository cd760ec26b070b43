import type { Operation } from '../../src/contract/operation.ts';
import { OPERATION_NAMES, OPERATIONS } from '../../src/contract/operations.ts';
import { pageStart, table } from './markdown.ts';
import { jsonSchemaOf, schemaText } from './schema-text.ts';

/** docs/operations.md */
export function operationsPage(): string {
  return [
    ...pageStart('Operations', 'src/contract/operations.ts'),
    'Every operation over HTTP. Fields named in the path come from it; the others travel in the query of GET and DELETE and in the JSON body of the',
    'rest. The role is the least that a caller needs: each of `public`, `viewer`, `operator`, `admin` includes those before it.',
    '',
    ...table(
      ['operation', 'request', 'role', 'effect', 'what it does'],
      OPERATION_NAMES.map((name) => {
        const { method, path, role, effect, summary }: Operation = OPERATIONS[name];
        return [`[\`${name}\`](#${anchor(name)})`, `\`${method} /api${path}\``, role, effect, summary];
      }),
    ),
    ...OPERATION_NAMES.flatMap((name) => section(name, OPERATIONS[name])),
  ].join('\n');
}

function section(name: string, operation: Operation): string[] {
  const input = jsonSchemaOf(operation.input, 'input');
  const required = new Set(input.required ?? []);
  const fields = Object.entries(input.properties ?? {}).map(([field, schema]) => {
    const fallback = typeof schema === 'object' && schema.default !== undefined ? `\`${JSON.stringify(schema.default)}\`` : '';
    return [`\`${field}\``, schemaText(schema), required.has(field) ? 'yes' : 'no', fallback];
  });
  const answer = operation.binary === true ? 'the bytes themselves' : schemaText(jsonSchemaOf(operation.output, 'output'));
  return [
    `## ${name}`,
    '',
    `${operation.summary} \`${operation.method} /api${operation.path}\``,
    '',
    ...(fields.length === 0 ? [] : table(['field', 'type', 'required', 'default'], fields)),
    `Answer (${operation.status ?? 200}): ${answer}`,
    '',
  ];
}

const anchor = (name: string): string => name.replace(/[^a-z0-9_-]/g, '');
