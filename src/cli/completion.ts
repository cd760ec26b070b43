/** Completion scripts, made from the declarations. */
import type { CommandDeclaration } from './command.ts';

interface Node {
  readonly summary: string;
  readonly words: readonly string[];
}

export function completionScript(shell: 'bash' | 'zsh' | 'fish', declarations: readonly CommandDeclaration[]): string {
  const nodes = completionNodes(declarations);
  if (shell === 'fish') return fishScript(declarations, nodes);
  const bash = bashScript(nodes);
  return shell === 'bash' ? bash : `autoload -U +X bashcompinit && bashcompinit\n${bash}`;
}

/** What may follow each beginning of a command line: subcommands, or the options and choices of a command. */
export function completionNodes(declarations: readonly CommandDeclaration[]): ReadonlyMap<string, Node> {
  const children = new Map<string, Set<string>>([['', new Set(['help'])]]);
  const nodes = new Map<string, Node>();
  for (const declaration of declarations) {
    const words = declaration.path.split(' ');
    words.forEach((word, index) => {
      const parent = words.slice(0, index).join(' ');
      children.set(parent, (children.get(parent) ?? new Set()).add(word));
    });
    nodes.set(declaration.path, { summary: declaration.summary, words: wordsOf(declaration) });
  }
  for (const [path, words] of children) nodes.set(path, { summary: '', words: [...words] });
  return nodes;
}

function wordsOf(declaration: CommandDeclaration): string[] {
  const flags = (declaration.options ?? []).flatMap((option) => option.flags.match(/--[a-z-]+/g) ?? []);
  const choices = Object.values(declaration.argChoices ?? {}).flat();
  return [...choices, ...flags, '--json', '--help'];
}

function bashScript(nodes: ReadonlyMap<string, Node>): string {
  const cases = [...nodes].map(([path, node]) => `    '${path}') words='${node.words.join(' ')}' ;;`);
  return `# Completion of gluon. bash: source <(gluon completion bash)
_gluon() {
  local current="\${COMP_WORDS[COMP_CWORD]}" first="\${COMP_WORDS[1]:-}" second="\${COMP_WORDS[2]:-}" path='' words=''
  if [ "$COMP_CWORD" -ge 2 ]; then path="$first"; fi
  if [ "$COMP_CWORD" -ge 3 ]; then case " ${groupWords(nodes)} " in *" $first "*) path="$first $second" ;; esac; fi
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ \${#COMPREPLY[@]} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}
complete -F _gluon gluon
`;
}

function groupWords(nodes: ReadonlyMap<string, Node>): string {
  return [...new Set([...nodes.keys()].filter((path) => path.includes(' ')).map((path) => path.split(' ')[0]))].join(' ');
}

function fishScript(declarations: readonly CommandDeclaration[], nodes: ReadonlyMap<string, Node>): string {
  const lines = [...(nodes.get('')?.words ?? [])].map((word) => {
    const summary = nodes.get(word)?.summary ?? '';
    return `complete -c gluon -n __fish_use_subcommand -a ${word}${summary === '' ? '' : ` -d ${fishQuote(summary)}`}`;
  });
  for (const declaration of declarations) {
    const [first = '', second] = declaration.path.split(' ');
    const here =
      second === undefined
        ? `__fish_seen_subcommand_from ${first}`
        : `__fish_seen_subcommand_from ${first}; and __fish_seen_subcommand_from ${second}`;
    if (second !== undefined)
      lines.push(`complete -c gluon -n '__fish_seen_subcommand_from ${first}' -a ${second} -d ${fishQuote(declaration.summary)}`);
    for (const [, values] of Object.entries(declaration.argChoices ?? {}))
      lines.push(`complete -c gluon -n '${here}' -a '${values.join(' ')}'`);
    for (const option of declaration.options ?? []) {
      const long = option.flags.match(/--([a-z-]+)/)?.[1];
      const short = option.flags.match(/^-([a-zA-Z]),/)?.[1];
      const values = option.choices === undefined ? '' : ` -xa '${option.choices.join(' ')}'`;
      lines.push(
        `complete -c gluon -n '${here}' -l ${long}${short === undefined ? '' : ` -s ${short}`} -d ${fishQuote(option.summary)}${values}`,
      );
    }
  }
  return `# Completion of gluon. fish: gluon completion fish | source\n${lines.join('\n')}\n`;
}

function fishQuote(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
