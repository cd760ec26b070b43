/** Reads and checks a formula. Every fault is named at once, each with its place. */
import { type Formula, type FormulaStep, type FormulaVariable, ON_FAILURE, STEP_PROFILES } from './formula.ts';
import type { Fault, Located, LocatedEntry, Place } from './located.ts';
import { orderSteps } from './order-steps.ts';
import { usesOf, VARIABLE_NAME } from './template.ts';

export type ReadFormula = { readonly ok: true; readonly formula: Formula } | { readonly ok: false; readonly faults: readonly Fault[] };

const ID = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const MOST_STEPS = 100;
const MOST_VARIABLES = 100;
const LONGEST_TEXT = 200_000;
const FIELDS = ['name', 'description', 'use_worktree', 'variables', 'steps'];
const STEP_FIELDS = ['id', 'name', 'prompt', 'depends_on', 'profile', 'verify', 'on_failure'];
const VARIABLE_FIELDS = ['name', 'required', 'default', 'help', 'type'];

interface ReadStep {
  readonly step: FormulaStep;
  readonly at: Place;
  readonly dependsAt: ReadonlyMap<string, Place>;
  readonly texts: readonly { text: string; at: Place }[];
}

export function readFormula(document: Located): ReadFormula {
  const faults: Fault[] = [];
  const fault = (at: Place, message: string): void => void faults.push({ line: at.line, column: at.column, message });
  if (document.kind !== 'map') {
    fault(document.at, 'A formula is a mapping with name, description, variables and steps.');
    return { ok: false, faults };
  }
  const read = new Reader(fault);
  const fields = read.fields(document, FIELDS, 'A formula');
  const name = read.text(fields.get('name'), 'name', document.at) ?? '';
  if (name !== '' && !ID.test(name))
    fault(fields.get('name')?.value.at ?? document.at, `The name "${shown(name)}" needs small letters, digits, "-" and "_" only.`);
  const description = read.text(fields.get('description'), 'description') ?? '';
  const useWorktree = read.flag(fields.get('use_worktree'), 'use_worktree', true);
  const variables = readVariables(fields.get('variables')?.value, read, fault);
  const steps = readSteps(fields.get('steps')?.value, document.at, read, fault);
  checkUses(steps, variables, fault);
  const order = orderSteps(steps.map(({ step }) => step));
  if (order.cycle !== null) {
    const first = steps.find(({ step }) => step.id === order.cycle?.[0]);
    fault(first?.at ?? document.at, `The steps depend on each other in a circle: ${order.cycle.join(' → ')}.`);
  }
  if (faults.length > 0) return { ok: false, faults: faults.sort((one, other) => one.line - other.line || one.column - other.column) };
  return {
    ok: true,
    formula: {
      name,
      description,
      useWorktree,
      variables,
      steps: order.steps,
    },
  };
}

/** Values for the variables of a formula: given, else default. The names of those that are required and missing, and of those that it does not have. */
export function bindVariables(
  formula: Formula,
  given: ReadonlyMap<string, string>,
): { values: ReadonlyMap<string, string>; missing: readonly string[]; unknown: readonly string[] } {
  const values = new Map<string, string>();
  const missing: string[] = [];
  for (const variable of formula.variables) {
    const value = given.get(variable.name) ?? variable.default;
    if (value === null && variable.required) missing.push(variable.name);
    values.set(variable.name, value ?? '');
  }
  return { values, missing, unknown: [...given.keys()].filter((name) => !formula.variables.some((variable) => variable.name === name)) };
}

function readVariables(node: Located | undefined, read: Reader, fault: (at: Place, message: string) => void): FormulaVariable[] {
  const variables: FormulaVariable[] = [];
  for (const item of read.list(node, 'variables', MOST_VARIABLES)) {
    if (item.kind !== 'map') {
      fault(item.at, 'A variable is a mapping with name, required, default and help.');
      continue;
    }
    const fields = read.fields(item, VARIABLE_FIELDS, 'A variable');
    const name = read.text(fields.get('name'), 'name', item.at) ?? '';
    const at = fields.get('name')?.value.at ?? item.at;
    if (name !== '' && !VARIABLE_NAME.test(name)) fault(at, `"${shown(name)}" is no name of a variable: letters, digits and "_" only.`);
    if (name !== '' && variables.some((other) => other.name === name)) fault(at, `The variable "${shown(name)}" is there twice.`);
    variables.push({
      name,
      required: read.flag(fields.get('required'), 'required', false),
      default: read.text(fields.get('default'), 'default'),
      help: read.text(fields.get('help'), 'help') ?? '',
    });
  }
  return variables;
}

function readSteps(node: Located | undefined, formulaAt: Place, read: Reader, fault: (at: Place, message: string) => void): ReadStep[] {
  const items = read.list(node, 'steps', MOST_STEPS);
  if (items.length === 0) fault(node?.at ?? formulaAt, 'A formula needs at least one step.');
  const steps: ReadStep[] = [];
  for (const item of items) {
    if (item.kind !== 'map') {
      fault(item.at, 'A step is a mapping with at least id and prompt.');
      continue;
    }
    const one = readStep(item, read, fault);
    if (one.step.id !== '' && steps.some(({ step }) => step.id === one.step.id))
      fault(one.at, `The id "${shown(one.step.id)}" is there twice.`);
    steps.push(one);
  }
  for (const { step, dependsAt } of steps) {
    for (const [id, at] of dependsAt) {
      if (!steps.some((other) => other.step.id === id))
        fault(at, `Step "${shown(step.id)}" depends on "${shown(id)}", and there is no such step.`);
    }
  }
  return steps;
}

function readStep(item: Located & { kind: 'map' }, read: Reader, fault: (at: Place, message: string) => void): ReadStep {
  const fields = read.fields(item, STEP_FIELDS, 'A step');
  const id = read.text(fields.get('id'), 'id', item.at) ?? '';
  const at = fields.get('id')?.value.at ?? item.at;
  if (id !== '' && !ID.test(id)) fault(at, `The id "${shown(id)}" needs small letters, digits, "-" and "_" only.`);
  const dependsAt = new Map<string, Place>();
  for (const each of read.list(fields.get('depends_on')?.value, 'depends_on', MOST_STEPS)) {
    if (each.kind === 'scalar' && typeof each.value === 'string') dependsAt.set(each.value, each.at);
    else fault(each.at, 'depends_on is a list of ids of steps.');
  }
  const prompt = read.text(fields.get('prompt'), 'prompt', item.at);
  const verify = read.text(fields.get('verify'), 'verify');
  const texts = [
    { text: prompt, at: fields.get('prompt')?.value.at },
    { text: verify, at: fields.get('verify')?.value.at },
  ];
  return {
    at,
    dependsAt,
    texts: texts.flatMap(({ text, at: place }) => (text === null || place === undefined ? [] : [{ text, at: place }])),
    step: {
      id,
      name: read.text(fields.get('name'), 'name') ?? id,
      prompt: prompt ?? '',
      dependsOn: [...dependsAt.keys()],
      profile: read.choice(fields.get('profile'), 'profile', STEP_PROFILES, 'standard'),
      verify,
      onFailure: read.choice(fields.get('on_failure'), 'on_failure', ON_FAILURE, 'stop'),
    },
  };
}

function checkUses(steps: readonly ReadStep[], variables: readonly FormulaVariable[], fault: (at: Place, message: string) => void): void {
  const known = new Set(variables.map(({ name }) => name));
  for (const { step, texts } of steps) {
    for (const { text, at } of texts) {
      for (const { name, offset } of usesOf(text)) {
        if (known.has(name)) continue;
        // Within a block of text the place is the line of the text that uses it.
        const line = at.line + (text.slice(0, offset).match(/\n/g)?.length ?? 0);
        fault({ line, column: at.column }, `Step "${shown(step.id)}" uses "{{${shown(name)}}}", which is not among the variables.`);
      }
    }
  }
}

const LONGEST_SHOWN = 80;
function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length <= LONGEST_SHOWN ? line : `${line.slice(0, LONGEST_SHOWN - 1)}…`;
}

class Reader {
  readonly #fault: (at: Place, message: string) => void;

  constructor(fault: (at: Place, message: string) => void) {
    this.#fault = fault;
  }

  fields(node: Located & { kind: 'map' }, known: readonly string[], what: string): Map<string, LocatedEntry> {
    const fields = new Map<string, LocatedEntry>();
    for (const entry of node.entries) {
      if (!known.includes(entry.key)) this.#fault(entry.keyAt, `${what} has no field "${shown(entry.key)}"; it knows ${known.join(', ')}.`);
      else if (fields.has(entry.key)) this.#fault(entry.keyAt, `The field "${entry.key}" is there twice.`);
      else fields.set(entry.key, entry);
    }
    return fields;
  }

  /** A text; null when there is none, which is a fault where `required` names the place of the whole. */
  text(entry: LocatedEntry | undefined, name: string, required?: Place): string | null {
    if (entry === undefined || (entry.value.kind === 'scalar' && entry.value.value === null)) {
      if (required !== undefined) this.#fault(entry?.value.at ?? required, `"${name}" is missing.`);
      return null;
    }
    const { value } = entry;
    if (value.kind !== 'scalar') {
      this.#fault(value.at, `"${name}" is a text.`);
      return null;
    }
    const text = String(value.value);
    if (text.length > LONGEST_TEXT) this.#fault(value.at, `"${name}" is longer than ${LONGEST_TEXT} characters.`);
    if (required !== undefined && text.trim() === '') this.#fault(value.at, `"${name}" is empty.`);
    return text;
  }

  flag(entry: LocatedEntry | undefined, name: string, otherwise: boolean): boolean {
    if (entry === undefined) return otherwise;
    if (entry.value.kind === 'scalar' && typeof entry.value.value === 'boolean') return entry.value.value;
    this.#fault(entry.value.at, `"${name}" is true or false.`);
    return otherwise;
  }

  choice<T extends string>(entry: LocatedEntry | undefined, name: string, known: readonly T[], otherwise: T): T {
    if (entry === undefined) return otherwise;
    const value = entry.value.kind === 'scalar' ? known.find((each) => each === (entry.value as { value: unknown }).value) : undefined;
    if (value !== undefined) return value;
    this.#fault(entry.value.at, `"${name}" is one of ${known.join(', ')}.`);
    return otherwise;
  }

  list(node: Located | undefined, name: string, most: number): readonly Located[] {
    if (node === undefined || (node.kind === 'scalar' && node.value === null)) return [];
    if (node.kind !== 'list') {
      this.#fault(node.at, `"${name}" is a list.`);
      return [];
    }
    if (node.items.length > most) this.#fault(node.at, `"${name}" has more than ${most} items.`);
    return node.items.slice(0, most);
  }
}
