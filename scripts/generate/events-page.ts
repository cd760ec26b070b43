import { EVENTS } from '../../src/contract/events.ts';
import { LIVE_TYPES } from '../../src/contract/live.ts';
import { pageStart, table } from './markdown.ts';
import { jsonSchemaOf, schemaText } from './schema-text.ts';

/** docs/events.md */
export function eventsPage(): string {
  return [
    ...pageStart('Events', 'src/contract/events.ts and src/contract/live.ts'),
    'An event is an append-only record of something that happened. `GET /api/events` reads them in order, `GET /api/activity` newest first.',
    '',
    ...table(
      ['type', 'meaning', 'payload'],
      Object.entries(EVENTS).map(([type, { summary, payload }]) => [`\`${type}\``, summary, schemaText(jsonSchemaOf(payload, 'output'))]),
    ),
    '## Live messages',
    '',
    'What the WebSocket `/api/ws` sends about the topics that a client subscribed to.',
    '',
    ...table(
      ['type', 'meaning'],
      Object.entries(LIVE_TYPES).map(([type, meaning]) => [`\`${type}\``, meaning]),
    ),
  ].join('\n');
}
