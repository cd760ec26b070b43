/** Scenarios that change files and commit, as a coding agent does. */
import { bash, call, calls, say } from '../steps.ts';
import type { Context, Scenarios, Step } from '../types.ts';
import { quoted, stringArg } from './arguments.ts';

export const COMMIT = 'git -c user.name=Agent -c user.email=agent@localhost commit -q';

export function writeFile(context: Pick<Context, 'cwd'>, file: string, content: string, text?: string): Step {
  return call('Write', { file_path: inFolder(context.cwd, file), content }, text);
}

/** The file tools of the agent program want absolute paths. */
export function inFolder(cwd: string | null, file: string): string {
  return cwd === null || file.startsWith('/') ? file : `${cwd}/${file}`;
}

function edit(context: Context): Step[] {
  const file = stringArg(context.args, 'file', 'scripted.txt');
  const message = stringArg(context.args, 'message', `Add ${file}`);
  return [
    writeFile(context, file, stringArg(context.args, 'text', 'written by the script\n'), `I will write ${file}.`),
    bash(`git add -- ${quoted(file)} && ${COMMIT} -m ${quoted(message)}`),
    ({ results }) => say(results.at(-1)?.isError ? `The commit failed: ${results.at(-1)?.text}` : `Wrote and committed ${file}.`),
  ];
}

/** Write, read, change, test, commit: every file tool once, with a todo list and a thought. */
function feature(context: Context): Step[] {
  const name = stringArg(context.args, 'name', 'greet');
  const file = inFolder(context.cwd, `${name}.mjs`);
  const test = inFolder(context.cwd, `${name}.test.mjs`);
  return [
    {
      blocks: [
        { type: 'thinking', text: 'A small module and a test for it will do.' },
        { type: 'text', text: `I will add ${name} with a test.` },
        { type: 'tool_use', name: 'Write', input: { file_path: file, content: `export const ${name} = (who) => 'Hello ' + who;\n` } },
      ],
    },
    call('Write', {
      file_path: test,
      content: `import assert from 'node:assert';\nimport { ${name} } from './${name}.mjs';\nassert.equal(${name}('you'), 'Hello, you');\nconsole.log('ok');\n`,
    }),
    bash(`node ${name}.test.mjs`, 'Now the test.'),
    ({ results }) =>
      results.at(-1)?.isError
        ? call('Edit', { file_path: file, old_string: "'Hello '", new_string: "'Hello, '" }, 'The test found a missing comma.')
        : say('The test passed although it should have failed.'),
    bash(`node ${name}.test.mjs`),
    bash(`git add -- ${name}.mjs ${name}.test.mjs && ${COMMIT} -m ${quoted(`Add ${name} with a test`)}`),
    say(`Added ${name} and its test, and committed both.`),
  ];
}

function leftover(context: Context): Step[] {
  const file = stringArg(context.args, 'file', 'leftover.txt');
  return [writeFile(context, file, 'not committed\n'), say(`Wrote ${file} and did not commit it.`)];
}

function shell(context: Context): Step[] {
  const command = stringArg(context.args, 'command', 'pwd');
  return [bash(command), ({ results }) => say(`The command ${results.at(-1)?.isError ? 'failed' : 'gave'}: ${results.at(-1)?.text ?? ''}`)];
}

function todo(): Step[] {
  const list = (first: string, second: string): object => ({
    todos: [
      { content: 'Look', status: first, activeForm: 'Looking' },
      { content: 'Write', status: second, activeForm: 'Writing' },
    ],
  });
  return [
    call('TodoWrite', list('in_progress', 'pending')),
    call('TodoWrite', list('completed', 'in_progress')),
    call('TodoWrite', list('completed', 'completed')),
    say('All is done.'),
  ];
}

export const editScenarios: Scenarios = {
  edit,
  feature,
  leftover,
  shell,
  todo,
  /** The same line of the same file as any other run of it: for conflicts. */
  conflict: (context) => [
    writeFile(context, stringArg(context.args, 'file', 'shared.txt'), `${stringArg(context.args, 'text', 'one side')}\n`),
    bash(`git add -A && ${COMMIT} -m 'Change the shared line'`),
    say('Changed the shared line.'),
  ],
  /** Two calls in one answer. */
  parallel_tools: [
    calls(['Bash', { command: 'echo one', description: 'one' }], ['Bash', { command: 'echo two', description: 'two' }]),
    say('Both ran.'),
  ],
};
