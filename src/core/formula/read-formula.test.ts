import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locate } from '../../adapters/formula/yaml/locate.ts';
import { bindVariables, readFormula } from './read-formula.ts';
import { fillTemplate, usesOf } from './template.ts';

/** What is wrong with it, as `line:column message`; for a good one `ok` and the order of its steps. */
function faultsOf(text: string): string[] {
  const parsed = locate(text);
  if ('faults' in parsed) return parsed.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
  const read = readFormula(parsed.document);
  return read.ok
    ? [`ok ${read.formula.steps.map(({ id }) => id).join(' ')}`]
    : read.faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const step = (id: string, more = ''): string => `  - id: ${id}\n    prompt: do ${id}\n${more}`;
const formula = (steps: string, more = ''): string => `name: mine\n${more}steps:\n${steps}`;

describe('a good formula', () => {
  it.each<[string, string, string]>([
    ['one step', formula(step('a')), 'ok a'],
    ['steps as written', formula(step('a') + step('b') + step('c')), 'ok a b c'],
    ['a dependency written later', formula(step('b', '    depends_on: [a]\n') + step('a')), 'ok a b'],
    [
      'a diamond',
      formula(step('d', '    depends_on: [b, c]\n') + step('c', '    depends_on: [a]\n') + step('b', '    depends_on: [a]\n') + step('a')),
      'ok a b c d',
    ],
    ['a block list of dependencies', formula(step('a') + step('b', '    depends_on:\n      - a\n')), 'ok a b'],
    [
      'every field of a step',
      formula(step('a', '    name: First\n    profile: deep\n    verify: npm test\n    on_failure: retry\n    depends_on: []\n')),
      'ok a',
    ],
    ['every field of a formula', formula(step('a'), 'description: text\nuse_worktree: false\nvariables: []\n'), 'ok a'],
    ['a variable, with blanks and without', formula('  - id: a\n    prompt: "{{ x }} and {{x}}"\n', 'variables:\n  - name: x\n'), 'ok a'],
    ['a variable with everything', formula(step('a'), 'variables:\n  - { name: x, required: true, default: y, help: z }\n'), 'ok a'],
    ['a number as default', formula(step('a'), 'variables:\n  - { name: x, default: 3 }\n'), 'ok a'],
    ['comments and Windows line ends', formula(step('a')).replaceAll('\n', '\r\n').replace('name', '# hello\r\nname'), 'ok a'],
    ['JSON, which is YAML', '{"name":"mine","steps":[{"id":"a","prompt":"p"}]}', 'ok a'],
    ['braces that are no use of a variable', formula('  - id: a\n    prompt: "{ x } and {{"\n'), 'ok a'],
    ['verify as null', formula(step('a', '    verify:\n')), 'ok a'],
    ['text in any language', formula('  - id: a\n    prompt: "Löse die Aufgabe 世界"\n'), 'ok a'],
  ])('%s', (_name, text, expected) => expect(faultsOf(text)).toEqual([expected]));

  it('has defaults for what is left out', () => {
    const parsed = locate(formula(step('a')));
    expect('document' in parsed && readFormula(parsed.document)).toEqual({
      ok: true,
      formula: {
        name: 'mine',
        description: '',
        useWorktree: true,
        variables: [],
        steps: [{ id: 'a', name: 'a', prompt: 'do a', dependsOn: [], profile: 'standard', verify: null, onFailure: 'stop' }],
      },
    });
  });
});

describe('a fault is named with its line and column', () => {
  it.each<[string, string, RegExp]>([
    ['nothing', '', /^1:1 A formula is a mapping/],
    ['a text', 'hello', /^1:1 A formula is a mapping/],
    ['a list', '- a\n- b', /^1:1 A formula is a mapping/],
    ['a number', '42', /^1:1 A formula is a mapping/],
    ['no name', 'steps:\n  - id: a\n    prompt: p\n', /^1:1 "name" is missing/],
    ['an empty name', 'name: ""\nsteps:\n  - {id: a, prompt: p}\n', /^1:7 "name" is empty/],
    ['a name as list', 'name: [a]\nsteps:\n  - {id: a, prompt: p}\n', /^1:7 "name" is a text/],
    ['a name with blanks', 'name: My Formula\nsteps:\n  - {id: a, prompt: p}\n', /^1:7 The name "My Formula" needs/],
    ['a name that climbs', 'name: ../../etc\nsteps:\n  - {id: a, prompt: p}\n', /^1:7 The name/],
    ['no steps', 'name: mine\n', /^1:1 A formula needs at least one step/],
    ['empty steps', 'name: mine\nsteps: []\n', /^2:8 A formula needs at least one step/],
    ['null steps', 'name: mine\nsteps:\n', /A formula needs at least one step/],
    ['steps as text', 'name: mine\nsteps: many\n', /^2:8 "steps" is a list/],
    ['steps as mapping', 'name: mine\nsteps:\n  a: b\n', /^3:3 "steps" is a list/],
    ['a step as text', 'name: mine\nsteps:\n  - plan\n', /^3:5 A step is a mapping/],
    ['a step without id', 'name: mine\nsteps:\n  - prompt: p\n', /^3:5 "id" is missing/],
    ['a step without prompt', 'name: mine\nsteps:\n  - id: a\n', /^3:5 "prompt" is missing/],
    ['a step with an empty prompt', formula('  - id: a\n    prompt: "  "\n'), /^4:13 "prompt" is empty/],
    ['an id with blanks', formula('  - id: a b\n    prompt: p\n'), /^3:9 The id "a b" needs/],
    ['an id in capitals', formula('  - id: Plan\n    prompt: p\n'), /^3:9 The id "Plan" needs/],
    ['an id twice', formula(step('a') + step('a')), /^5:9 The id "a" is there twice/],
    ['an unknown dependency', formula(step('a', '    depends_on: [zz]\n')), /^5:18 Step "a" depends on "zz", and there is no such step/],
    ['a dependency that is no text', formula(step('a', '    depends_on: [[b]]\n')), /^5:18 depends_on is a list of ids/],
    ['dependencies as text', formula(step('a', '    depends_on: b\n')), /^5:17 "depends_on" is a list/],
    [
      'a step that depends on itself',
      formula(step('a', '    depends_on: [a]\n')),
      /^3:9 The steps depend on each other in a circle: a → a/,
    ],
    ['a circle of two', formula(step('a', '    depends_on: [b]\n') + step('b', '    depends_on: [a]\n')), /circle: a → b → a/],
    [
      'a circle of three',
      formula(step('a', '    depends_on: [b]\n') + step('b', '    depends_on: [c]\n') + step('c', '    depends_on: [a]\n')),
      /circle: a → b → c → a/,
    ],
    [
      'a circle behind a good step',
      formula(step('x') + step('a', '    depends_on: [b]\n') + step('b', '    depends_on: [a]\n')),
      /^5:9 .*circle: a → b → a/,
    ],
    ['an unknown profile', formula(step('a', '    profile: turbo\n')), /^5:14 "profile" is one of quick, standard, deep, planning, review/],
    ['a profile as number', formula(step('a', '    profile: 3\n')), /^5:14 "profile" is one of/],
    ['an unknown on_failure', formula(step('a', '    on_failure: panic\n')), /^5:17 "on_failure" is one of stop, continue, retry/],
    ['an unknown field of a step', formula(step('a', '    promt: p\n')), /^5:5 A step has no field "promt"; it knows id/],
    ['an unknown field of a formula', formula(step('a'), 'colour: red\n'), /^2:1 A formula has no field "colour"/],
    [
      'an unknown field of a variable',
      formula(step('a'), 'variables:\n  - { name: x, kind: y }\n'),
      /^3:16 A variable has no field "kind"/,
    ],
    ['a field twice', formula(step('a'), 'name: other\n'), /^2:1 The field "name" is there twice/],
    ['use_worktree as text', formula(step('a'), 'use_worktree: maybe\n'), /^2:15 "use_worktree" is true or false/],
    ['required as text', formula(step('a'), 'variables:\n  - { name: x, required: perhaps }\n'), /^3:26 "required" is true or false/],
    ['variables as text', formula(step('a'), 'variables: x\n'), /^2:12 "variables" is a list/],
    ['a variable as text', formula(step('a'), 'variables:\n  - x\n'), /^3:5 A variable is a mapping/],
    ['a variable without name', formula(step('a'), 'variables:\n  - help: h\n'), /^3:5 "name" is missing/],
    ['a variable with a bad name', formula(step('a'), 'variables:\n  - name: a-b\n'), /^3:11 "a-b" is no name/],
    ['a variable twice', formula(step('a'), 'variables:\n  - name: x\n  - name: x\n'), /^4:11 The variable "x" is there twice/],
    [
      'an undeclared variable',
      formula('  - id: a\n    prompt: use {{ x }}\n'),
      /^4:13 Step "a" uses "\{\{x\}\}", which is not among the variables/,
    ],
    [
      'an undeclared variable in a block',
      formula('  - id: a\n    prompt: |\n      one\n      two {{ x }}\n'),
      /^6:1 Step "a" uses "\{\{x\}\}"/,
    ],
    ['an undeclared variable in verify', formula(step('a', '    verify: test {{ x }}\n')), /^5:13 Step "a" uses "\{\{x\}\}"/],
    ['a use that is no name', formula('  - id: a\n    prompt: "{{ a b }}"\n'), /^4:13 Step "a" uses "\{\{a b\}\}"/],
    ['an empty use', formula('  - id: a\n    prompt: "{{ }}"\n'), /^4:13 Step "a" uses "\{\{\}\}"/],
    ['a use in another case', formula('  - id: a\n    prompt: "{{ X }}"\n', 'variables:\n  - name: x\n'), /uses "\{\{X\}\}"/],
    ['broken YAML', 'name: mine\nsteps: [\n', /^\d+:\d+ /],
    ['a tab as indent', 'name: mine\nsteps:\n\t- id: a\n', /^3:1 /],
    ['bytes that are no YAML', '\u0000\u0001', /^\d+:\d+ /],
    ['an anchor', 'name: &n mine\nsteps:\n  - {id: a, prompt: p}\n', /^1:\d+ Anchors and aliases are not taken/],
    ['an alias', formula('  - &s {id: a, prompt: p}\n  - *s\n'), /Anchors and aliases are not taken/],
    ['something that holds itself', 'name: mine\nsteps: &s\n  - *s\n', /Anchors and aliases are not taken/],
    [
      'aliases that multiply',
      `a: &a [x,x]\n${'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [*${'abcdefghi'[index]},*${'abcdefghi'[index]}]`)
        .join('\n')}\n`,
      /Anchors and aliases are not taken/,
    ],
    ['ten megabytes', `name: mine\ndescription: ${'x'.repeat(10_000_000)}\n`, /^1:1 A formula has at most 256 KiB/],
    ['nesting without end', `name: ${'['.repeat(500)}${']'.repeat(500)}\n`, /Nested more than 20 deep/],
    ['too many steps', formula(Array.from({ length: 101 }, (_, index) => step(`s${index}`)).join('')), /"steps" has more than 100 items/],
  ])('%s', (_name, text, expected) => expect(faultsOf(text)[0]).toMatch(expected));

  it('all faults at once, in the order of their places', () => {
    const faults = faultsOf('name: My\ncolour: red\nsteps:\n  - id: a\n    prompt: "{{x}}"\n    profile: turbo\n');
    expect(faults.map((each) => each.split(' ')[0])).toEqual(['1:7', '2:1', '5:13', '6:14']);
  });
});

describe('variables', () => {
  const parsed = locate(
    formula(
      step('a'),
      'variables:\n  - { name: must, required: true }\n  - { name: may }\n  - { name: has, default: d }\n  - { name: both, required: true, default: b }\n',
    ),
  );
  const read = 'document' in parsed ? readFormula(parsed.document) : null;
  if (read?.ok !== true) throw new Error('the formula of this test is broken');
  const bind = (given: Record<string, string>) => {
    const { values, missing, unknown } = bindVariables(read.formula, new Map(Object.entries(given)));
    return { ...Object.fromEntries(values), missing, unknown };
  };

  it.each<[string, Record<string, string>, object]>([
    ['given', { must: '1', may: '2', has: '3', both: '4' }, { must: '1', may: '2', has: '3', both: '4', missing: [] }],
    ['left out', {}, { must: '', may: '', has: 'd', both: 'b', missing: ['must'] }],
    ['given as empty', { must: '' }, { must: '', missing: [] }],
    ['not declared', { must: '1', other: 'x' }, { unknown: ['other'] }],
  ])('%s', (_name, given, expected) => expect(bind(given)).toMatchObject(expected));
});

describe('templates', () => {
  it.each<[string, Record<string, string>, string]>([
    ['{{a}}', { a: '1' }, '1'],
    ['{{ a }}{{a}}', { a: '1' }, '11'],
    ['{{ a }} {{ b }}', { a: '1' }, '1 {{ b }}'],
    ['{{a}}', { a: '{{b}}', b: 'no' }, '{{b}}'],
    ['{{a}}', { a: '$& $1' }, '$& $1'],
    ['{a} {{a} {{{a}}}', { a: '1' }, '{a} {{a} {1}'],
    ['{{\na}}', { a: '1' }, '{{\na}}'],
  ])('%s', (template, values, expected) => expect(fillTemplate(template, new Map(Object.entries(values)))).toBe(expected));

  it('after filling every use nothing of the template is left', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom('{{a}}', '{{ b }}', '{', '}', 'x'), fc.string({ maxLength: 4 }))), (parts) => {
        const template = parts.join('');
        const values = new Map(usesOf(template).map(({ name }) => [name, '']));
        expect(fillTemplate(template, values)).toBe(template.replace(/\{\{[^{}\n]*\}\}/g, ''));
      }),
    );
  });

  it('any order of steps comes out with each behind what it depends on', () => {
    const steps = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(steps, fc.array(fc.nat(30), { maxLength: 12 }), (ids, extra) => {
        // Depends on smaller numbers only: never a circle.
        const text = formula(
          ids
            .map((id, at) =>
              step(
                `s${id}`,
                `    depends_on: [${ids
                  .filter((other) => other < id && (other + (extra[at] ?? 0)) % 2 === 0)
                  .map((other) => `s${other}`)
                  .join(', ')}]\n`,
              ),
            )
            .join(''),
        );
        const parsedText = locate(text);
        const result = 'document' in parsedText ? readFormula(parsedText.document) : null;
        if (result?.ok !== true) throw new Error(faultsOf(text).join('\n'));
        const seen = new Set<string>();
        for (const each of result.formula.steps) {
          for (const dependency of each.dependsOn) expect(seen).toContain(dependency);
          seen.add(each.id);
        }
        expect(seen.size).toBe(ids.length);
      }),
    );
  });
});
