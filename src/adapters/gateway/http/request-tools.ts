/** Which tools of a request run at the agent. Those of the provider reach the network from its side and are billed apart. */
import { type Cursor, elements, firstByte, members, OPEN_ARRAY, OPEN_OBJECT, readValue, skipValue } from './json-cursor.ts';

const MAX_WORD_BYTES = 256;
/** Known to run at the agent, or within the request alone (the search over its own tools). What is not known is refused. */
const AT_THE_AGENT = /^(custom|(bash|text_editor|computer|memory|tool_search_tool(_regex|_bm25)?)(_\d{8})?)$/;

/** Moves the cursor over the value of `tools`, and adds those that do not run at the agent to `unseen`. */
export function readTools(cursor: Cursor, unseen: Set<string>): void {
  const readField = (key: string): void => {
    if (key !== 'type') {
      skipValue(cursor);
      return;
    }
    const type = readValue(cursor, MAX_WORD_BYTES);
    // Without a type, or with null, a tool is one of the agent's own.
    if (type === null || (typeof type === 'string' && AT_THE_AGENT.test(type))) return;
    unseen.add(`the tool ${typeof type === 'string' ? type : 'of an unknown type'}`);
  };
  const readTool = (): void => {
    if (firstByte(cursor) !== OPEN_OBJECT) skipValue(cursor);
    else members(cursor, readField);
  };
  if (firstByte(cursor) === OPEN_ARRAY) elements(cursor, readTool);
  else readTool();
}
