/** How a command is declared: the table of declarations gives help, parsing and completion; the code behind it is loaded when it is called. */
import type { Client } from './client.ts';
import type { ExitCode } from './exit-code.ts';
import type { CliIo } from './io.ts';
import type { Style } from './terminal/style.ts';

type OptionKind = 'flag' | 'text' | 'count' | 'number' | 'list';

export interface OptionDeclaration {
  /** As in `-m, --model <name>`. */
  readonly flags: string;
  readonly summary: string;
  readonly kind?: OptionKind;
  readonly choices?: readonly string[];
  readonly hidden?: boolean;
}

export interface CommandDeclaration {
  /** Words of the command: `project add`. */
  readonly path: string;
  /** As in `<name> [path]`; a name that ends in `...` takes the rest. */
  readonly args?: string;
  readonly argChoices?: Readonly<Record<string, readonly string[]>>;
  readonly summary: string;
  readonly options?: readonly OptionDeclaration[];
  /** More for `--help`. */
  readonly notes?: string;
  /** False: it never starts a server by itself. */
  readonly autostart?: false;
  readonly load: () => Promise<CommandCode>;
}

export type CommandCode = (context: CommandContext, args: Arguments) => Promise<ExitCode>;

export interface CommandContext {
  readonly io: CliIo;
  readonly client: Client;
  readonly style: Style;
  /** `--json` was given: standard output carries JSON and nothing else. */
  readonly json: boolean;
}

/** What was typed, already checked against the declaration. */
export class Arguments {
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(values: Readonly<Record<string, unknown>>) {
    this.#values = values;
  }

  /** A required argument. */
  required(name: string): string {
    const value = this.text(name);
    if (value === undefined) throw new TypeError(`the declaration does not make "${name}" required`);
    return value;
  }

  text(name: string): string | undefined {
    const value = this.#values[name];
    if (Array.isArray(value)) return value.length === 0 ? undefined : value.join(' ');
    return typeof value === 'string' ? value : undefined;
  }

  flag(name: string): boolean {
    return this.#values[name] === true;
  }

  number(name: string): number | undefined {
    const value = this.#values[name];
    return typeof value === 'number' ? value : undefined;
  }

  list(name: string): string[] {
    const value = this.#values[name];
    return Array.isArray(value) ? value.map(String) : [];
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }
}
