import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRequestFields } from './request-fields.ts';

const read = (text: string) => readRequestFields(Buffer.from(text));

describe('the fields of a request', () => {
  it('are those that JSON means, for any document', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 6 }),
        fc.string({ minLength: 1, maxLength: 40 }),
        fc.option(fc.nat()),
        fc.constantFrom(undefined, 1, '\t'),
        (rest, model, maxTokens, indent) => {
          const { model: _m, max_tokens: _t, speed: _s, inference_geo: _g, messages: _c, tools: _u, ...others } = rest;
          const document = { ...others, model, ...(maxTokens === null ? {} : { max_tokens: maxTokens }), tail: others };
          const result = read(JSON.stringify(document, null, indent));
          expect(result).toMatchObject({ kind: 'read', fields: { model, maxOutputTokens: maxTokens, fast: false, usOnly: false } });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('are found under an escaped key, and nested ones are not taken for them', () => {
    expect(read('{"mod\\u0065l":"a","x":{"model":"b"}}')).toMatchObject({ fields: { model: 'a' } });
    expect(read('{"x":{"model":"b"},"y":["model"]}')).toEqual({ kind: 'invalid', why: '"model" is missing' });
    expect(read('{"model":"a\\"},{\\\\","speed":"fast","inference_geo":"us"}')).toMatchObject({
      fields: { model: 'a"},{\\', fast: true, usOnly: true },
    });
  });

  it('given twice are refused, also when one of them is spelt with escapes', () => {
    expect(read('{"model":"cheap","model":"dear"}').kind).toBe('invalid');
    expect(read('{"model":"cheap","\\u006dodel":"dear"}').kind).toBe('invalid');
    expect(read('{"model":"a","max_tokens":1,"max_tokens":99999}').kind).toBe('invalid');
  });

  it.each([
    '',
    '{',
    '[]',
    '"x"',
    'null',
    '{"model":"a"',
    '{"model":"a"}x',
    '{"model":"a"}{}',
    '{"model":"a",}',
    '{model:"a"}',
    "{'model':'a'}",
  ])('of %j are refused', (text) => expect(read(text).kind).toBe('invalid'));

  it.each(['{"model":1}', '{"model":""}', '{"model":null}', '{"max_tokens":5}', `{"model":"${'m'.repeat(201)}"}`])(
    'need a model: %j',
    (text) => {
      expect(read(text).kind).toBe('invalid');
    },
  );

  it('read limits only when they are whole numbers', () => {
    for (const value of ['-1', '1.5', '"9"', 'null', '1e400']) {
      expect(read(`{"model":"a","max_tokens":${value}}`), value).toMatchObject({ fields: { maxOutputTokens: null } });
    }
  });

  it('never throw on bytes that are no JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => ['read', 'invalid'].includes(readRequestFields(Buffer.from(bytes)).kind)),
    );
  });
});

const PICTURE = 'iVBORw0KGgo+/A=='.repeat(1_000).replaceAll('==', 'xx');
const picture = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PICTURE } };
const asked = (content: unknown, more: object = {}) => read(JSON.stringify({ model: 'a', ...more, messages: [{ role: 'user', content }] }));

describe('the images of a request', () => {
  it('are counted where the model sees images: in messages, in results of tools, in documents', () => {
    const counted = { fields: { images: 1, dataBytes: PICTURE.length + 2, unseen: [] } };
    expect(asked([{ type: 'text', text: 'B'.repeat(9_000) }, picture])).toMatchObject(counted);
    expect(asked([{ type: 'tool_result', tool_use_id: 't', content: [picture] }])).toMatchObject(counted);
    expect(asked([{ type: 'document', source: { type: 'content', content: [picture] } }])).toMatchObject(counted);
    expect(asked([picture, picture])).toMatchObject({ fields: { images: 2 } });
    expect(asked([{ ...picture, source: { ...picture.source, data: 'AAAA' } }])).toMatchObject({ fields: { images: 1, dataBytes: 6 } });
  });

  const text = 'words, that are no base64. '.repeat(1_000);
  const source = JSON.stringify(picture.source);
  it.each<[string, unknown]>([
    ['under a key "data"', [{ type: 'text', text: 'x', data: PICTURE }]],
    ['under a key "data" in the input of a tool', [{ type: 'tool_use', id: 't', name: 'n', input: { data: text } }]],
    ['as a whole image in the input of a tool', [{ type: 'tool_use', id: 't', name: 'n', input: { content: [picture] } }]],
    ['in other characters than base64', [{ ...picture, source: { ...picture.source, data: text } }]],
    ['as a document of plain text', [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: PICTURE } }]],
    [
      'as a document, which can hold far more text than bytes',
      [{ type: 'document', source: { ...picture.source, media_type: 'application/pdf' } }],
    ],
    ['without a type', [{ type: 'image', source: { media_type: 'image/png', data: PICTURE } }]],
  ])('do not include text that is labelled as one: %s', (_how, content) => {
    expect(asked(content)).toMatchObject({ kind: 'read', fields: { images: 0, dataBytes: 0 } });
  });

  it.each([
    source.replace('"type":"base64"', '"type":"base64","type":"text"'),
    source.replace('"type":"base64"', '"type":"base64","\\u0074ype":"text"'),
    source.replace('"data":', '"data":"x","data":'),
    source.replace('"media_type":', '"media_type":"text/plain","media_type":'),
  ])('do not include a source with a field that comes twice', (twice) => {
    const body = `{"model":"a","messages":[{"content":[{"type":"document","source":${twice}}]}]}`;
    expect(() => JSON.parse(body)).not.toThrow();
    expect(read(body)).toMatchObject({ kind: 'read', fields: { images: 0, dataBytes: 0 } });
  });

  it('are not looked for in content that is nested without end', () => {
    const deep = `${'[{"content":'.repeat(50_000)}1${'}]'.repeat(50_000)}`;
    expect(read(`{"model":"a","messages":${deep}}`).kind).toBe('invalid');
    expect(read(`{"model":"a","x":${deep}}`).kind).toBe('read');
  });

  it('outside messages are text', () => {
    expect(read(JSON.stringify({ model: 'a', system: [picture], metadata: { content: [picture] } }))).toMatchObject({
      fields: { images: 0 },
    });
  });
});

describe('what the provider would do by itself', () => {
  it.each<[string, object]>([
    ['the tool web_search_20250305', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    [
      'the tool web_fetch_20250910',
      {
        tools: [
          { name: 'a', input_schema: {} },
          { type: 'web_fetch_20250910', name: 'web_fetch' },
        ],
      },
    ],
    ['the tool code_execution_20250825', { tools: [{ type: 'code_execution_20250825', name: 'code_execution' }] }],
    ['the tool mcp_toolset', { tools: [{ type: 'mcp_toolset', mcp_server_name: 'x' }] }],
    ['the tool advisor_20260301', { tools: [{ type: 'advisor_20260301', name: 'advisor' }] }],
    ['the tool of_the_future', { tools: [{ type: 'of_the_future' }] }],
    ['the tool of an unknown type', { tools: [{ type: ['web_search_20250305'] }] }],
    ['"mcp_servers"', { mcp_servers: [{ type: 'url', url: 'https://evil.example/mcp' }] }],
    ['"mcp_servers"', { mcp_servers: Array.from({ length: 99 }, () => ({ type: 'url', url: 'https://evil.example/mcp' })) }],
    ['"container"', { container: { skills: [{ type: 'custom', skill_id: 's' }] } }],
  ])('is told: %s', (what, more) => {
    expect(asked('hello', more)).toMatchObject({ kind: 'read', fields: { unseen: [what] } });
  });

  it.each<[string, unknown]>([
    ['a source of the type url', [{ type: 'image', source: { type: 'url', url: 'https://evil.example/?secret' } }]],
    ['a source of the type file', [{ type: 'tool_result', content: [{ type: 'document', source: { type: 'file', file_id: 'f' } }] }]],
    ['content of the type container_upload', [{ type: 'container_upload', file_id: 'f' }]],
  ])('is told: %s', (what, content) => {
    expect(asked(content)).toMatchObject({ kind: 'read', fields: { unseen: [what] } });
  });

  it('is found however it is written', () => {
    expect(read('{"model":"a","t\\u006fols":[{"typ\\u0065":"web\\u005fsearch_1"}]}')).toMatchObject({
      fields: { unseen: ['the tool web_search_1'] },
    });
    expect(read('{"model":"a","tools":[],"tools":[{"type":"custom","type":"web_search_1"}]}')).toMatchObject({
      fields: { unseen: ['the tool web_search_1'] },
    });
    expect(read('{"model":"a","tools":{"type":"web_search_1"}}')).toMatchObject({ fields: { unseen: ['the tool web_search_1'] } });
  });

  it('is not what only looks like it: tools of the agent, and words within tools and their input', () => {
    const tools = [
      { name: 'WebFetch', input_schema: { type: 'object', properties: { type: { const: 'web_search_20250305' } } } },
      { type: 'custom', name: 'web_search' },
      { type: null, name: 'x' },
      { type: 'bash_20250124', name: 'bash' },
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
      { type: 'computer_20250124', name: 'computer' },
      { type: 'memory_20250818', name: 'memory' },
      { type: 'tool_search_tool_bm25_20251119', name: 'tool_search_tool_bm25' },
    ];
    const input = { source: { type: 'url', url: 'https://x' }, mcp_servers: [1], tools: [{ type: 'web_search_1' }] };
    const content = [{ type: 'tool_use', id: 't', name: 'n', input }];
    expect(asked(content, { tools, mcp_servers: [], container: null })).toMatchObject({ kind: 'read', fields: { unseen: [] } });
  });
});
