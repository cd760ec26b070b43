/** Which language a file or a fenced block is written in, by names alone: content is never looked at. */

const BY_EXTENSION: Readonly<Record<string, string>> = {
  astro: 'markup',
  bash: 'bash',
  bat: 'batch',
  c: 'c',
  cc: 'cpp',
  cjs: 'javascript',
  clj: 'clojure',
  cmake: 'cmake',
  conf: 'ini',
  cpp: 'cpp',
  cs: 'csharp',
  css: 'css',
  cts: 'typescript',
  cxx: 'cpp',
  dart: 'dart',
  diff: 'diff',
  erl: 'erlang',
  ex: 'elixir',
  exs: 'elixir',
  fish: 'bash',
  go: 'go',
  gql: 'graphql',
  graphql: 'graphql',
  gradle: 'groovy',
  groovy: 'groovy',
  h: 'c',
  hcl: 'hcl',
  hpp: 'cpp',
  hs: 'haskell',
  htm: 'markup',
  html: 'markup',
  ini: 'ini',
  java: 'java',
  jl: 'julia',
  js: 'javascript',
  json: 'json',
  json5: 'json5',
  jsonc: 'json5',
  jsx: 'jsx',
  kt: 'kotlin',
  kts: 'kotlin',
  less: 'less',
  lua: 'lua',
  m: 'objectivec',
  md: 'markdown',
  mdx: 'markdown',
  mjs: 'javascript',
  ml: 'ocaml',
  mk: 'makefile',
  mts: 'typescript',
  nix: 'nix',
  patch: 'diff',
  php: 'php',
  pl: 'perl',
  pm: 'perl',
  properties: 'properties',
  proto: 'protobuf',
  ps1: 'powershell',
  psm1: 'powershell',
  py: 'python',
  pyi: 'python',
  r: 'r',
  rb: 'ruby',
  rs: 'rust',
  sass: 'sass',
  scala: 'scala',
  scss: 'scss',
  sh: 'bash',
  sql: 'sql',
  svelte: 'markup',
  svg: 'markup',
  swift: 'swift',
  tf: 'hcl',
  tfvars: 'hcl',
  toml: 'toml',
  ts: 'typescript',
  tsx: 'tsx',
  vb: 'vbnet',
  vue: 'markup',
  xhtml: 'markup',
  xml: 'markup',
  yaml: 'yaml',
  yml: 'yaml',
  zig: 'zig',
  zsh: 'bash',
};

const BY_NAME: Readonly<Record<string, string>> = {
  '.bashrc': 'bash',
  '.env': 'ini',
  '.gitconfig': 'ini',
  '.npmrc': 'ini',
  '.profile': 'bash',
  'cmakelists.txt': 'cmake',
  containerfile: 'docker',
  dockerfile: 'docker',
  gemfile: 'ruby',
  gnumakefile: 'makefile',
  jenkinsfile: 'groovy',
  makefile: 'makefile',
  'nginx.conf': 'nginx',
  rakefile: 'ruby',
};

/** Other names for languages, as fences use them. */
const ALIASES: Readonly<Record<string, string>> = {
  'c#': 'csharp',
  'c++': 'cpp',
  console: 'bash',
  dockerfile: 'docker',
  make: 'makefile',
  shell: 'bash',
  terraform: 'hcl',
};

const KNOWN = new Set([...Object.values(BY_EXTENSION), ...Object.values(BY_NAME)]);

/** Null: no colours. `path` is a path inside a repository. */
export function languageOfPath(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const named = own(BY_NAME, name) ?? (name.startsWith('dockerfile.') ? 'docker' : null);
  if (named !== null) return named;
  const dot = name.lastIndexOf('.');
  return dot < 0 ? null : own(BY_EXTENSION, name.slice(dot + 1));
}

/** Null: no colours. `name` is what somebody wrote behind the three backticks. */
export function languageOfFence(name: string): string | null {
  const wanted = name.trim().toLowerCase();
  if (KNOWN.has(wanted)) return wanted;
  return own(ALIASES, wanted) ?? own(BY_EXTENSION, wanted);
}

/** Names come from repositories: `constructor` must not find what every object has. */
function own(table: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
