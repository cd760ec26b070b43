/** Scenarios with too much output, strange bytes, and processes that do not go away. */
import { bash, call, say } from '../steps.ts';
import type { Scenarios } from '../types.ts';
import { numberArg } from './arguments.ts';
import { inFolder } from './edits.ts';

export const outputScenarios: Scenarios = {
  /** A tool that prints for ever; the agent program must cut it. */
  flood: (context) => [
    bash(`head -c ${numberArg(context.args, 'bytes', 20_000_000, 2_000_000_000)} /dev/zero | tr '\\0' 'y'`),
    say('That was much.'),
  ],
  /** Very much text of the model itself, in small pieces. */
  flood_text: (context) => [say('abcdefghi '.repeat(numberArg(context.args, 'kilobytes', 500, 20_000) * 100), { chunkChars: 200 })],
  long_output: [bash('seq 1 20000'), ({ results }) => say(`It has ${results.at(-1)?.text.length ?? 0} characters.`)],
  binary: [bash(`printf 'a\\377\\376\\000b\\033[31mred'`), say('Strange bytes.')],
  invalid_utf8: [{ blocks: [{ type: 'raw_text', bytes: Uint8Array.of(0x61, 0xff, 0xfe, 0xe2, 0x28, 0xa1, 0x62) }] }],
  escape: [say('\u001b]0;owned\u0007\u001b[2Jhidden <script>alert(1)</script> \u202egnp.exe')],
  /** A child that holds the standard streams and outlives the agent. */
  grandchild: [bash('setsid nohup sleep 300 >/dev/null 2>&1 & echo started', undefined), say('A child is left behind.')],
  /** A command that will not be stopped politely. */
  stubborn: [bash(`trap '' TERM INT HUP; i=0; while [ $i -lt 600 ]; do sleep 0.1; i=$((i+1)); done`), say('It ended after all.')],
  read_image: (context) => [
    call('Read', { file_path: inFolder(context.cwd, String(context.args.file ?? 'image.png')) }),
    ({ results }) => say(`The file has ${results.at(-1)?.images ?? 0} image(s).`),
  ],
};
