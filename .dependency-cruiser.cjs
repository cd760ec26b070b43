// Who may import whom. The table is explained in ARCHITECTURE.md; test/architecture/layers.test.ts proves that every rule here bites.
'use strict';

const TEST = '\\.(test|fixture)\\.ts$';
const NPM = '^node_modules/|/node_modules/';
/** Dependencies outside the repository: Node's own modules have no folder. */
const OUTSIDE = { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown'] };

/** Production files of a layer may import, inside the repository, only what `may` matches. */
const layer = (name, from, may, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { path: '^(src|scripted-model|scripts|test|bench|web)/', pathNot: may },
});

/** Production files of a layer may import, from outside the repository, only what `may` matches. */
const outside = (name, from, may, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TEST },
  to: { ...OUTSIDE, ...(may === null ? {} : { pathNot: may }) },
});

/** Each library has one owner: replacing it touches one folder. */
const OWNERS = [
  // The lock of a home is a locked SQLite file: it ends with the process that holds it.
  ['better-sqlite3', '^src/adapters/(store|home)/'],
  ['kysely', '^src/adapters/store/'],
  ['execa', '^src/adapters/process/'],
  ['pino', '^src/adapters/system/'],
  ['web-push', '^src/adapters/push/'],
  ['@anthropic-ai/claude-agent-sdk', '^src/adapters/agent/claude/'],
  ['commander', '^src/cli/'],
  ['@clack/prompts', '^src/cli/'],
  ['fastify', '^src/server/'],
  ['@fastify', '^src/server/'],
];

module.exports = {
  forbidden: [
    layer('core-imports-core', '^src/core/', '^src/core/', 'The rules are pure: facts come in as arguments.'),
    outside(
      'core-needs-nothing',
      '^src/core/',
      null,
      'No node module and no package in the core: a rule that needs one takes its result as an argument.',
    ),
    layer(
      'contract-imports-core',
      '^src/contract/',
      '^src/(contract|core)/',
      'The contract is what all sides share, so it knows none of them.',
    ),
    outside('contract-needs-zod', '^src/contract/', '/node_modules/zod/|^node_modules/zod/', 'The contract is loaded by browsers too.'),
    layer(
      'ports-import-types',
      '^src/ports/',
      '^src/(ports|core|contract)/',
      'A port is an interface over the words of core and contract.',
    ),
    {
      name: 'ports-hold-no-code',
      comment: 'Interfaces only: import with "import type".',
      severity: 'error',
      from: { path: '^src/ports/', pathNot: TEST },
      to: { dependencyTypesNot: ['type-only'] },
    },
    layer(
      'adapters-stand-alone',
      '^src/adapters/([^/]+)/',
      '^src/(core|ports|contract)/|^src/adapters/(process|system)/|^src/adapters/$1/',
      'An adapter that needs another one gets it as an argument, typed by its port.',
    ),
    layer(
      'adapters-of-a-kind-stand-alone',
      '^src/adapters/([^/]+)/([^/]+)/',
      '^src/(core|ports|contract)/|^src/adapters/(process|system)/|^src/adapters/$1/($2/|[^/]+\\.ts$)',
      'Two implementations of one port share what lies directly in the folder of their kind, nothing else.',
    ),
    layer('services-use-ports', '^src/services/', '^src/(services|core|ports|contract)/', 'A use case names what it needs by a port.'),
    outside(
      'services-need-nothing',
      '^src/services/',
      null,
      'Input and output of a use case go through ports; a library belongs into an adapter.',
    ),
    layer(
      'entry-points-call-services',
      '^src/(server|cli|chat|mcp|worker)/',
      '^src/(services|contract|core|ports|$1)/',
      'An entry point parses, authorises, calls a service and renders; it knows no adapter and no other entry point.',
    ),
    {
      name: 'entry-points-only-name-ports',
      comment: 'What an entry point needs of the world comes as an argument: import ports with "import type".',
      severity: 'error',
      from: { path: '^src/(server|cli|chat|mcp|worker)/', pathNot: TEST },
      to: { path: '^src/ports/', dependencyTypesNot: ['type-only'] },
    },
    layer('main-composes', '^src/main/', '^(src|scripted-model)/', 'The composition builds the product from its parts.'),
    layer(
      'model-stands-alone',
      '^scripted-model/',
      '^scripted-model/|^src/contract/',
      'The scripted model plays the provider: it knows the protocol, not Gluon.',
    ),
    outside(
      'model-needs-node-only',
      '^scripted-model/',
      '^(node:)?[a-z_]+(/promises)?$',
      'The scripted model ships with the product and starts at once.',
    ),
    layer(
      'scripts-read-the-contract',
      '^scripts/',
      '^scripts/|^src/contract/',
      'Scripts build and describe the product; they do not run it.',
    ),
    layer('page-reads-the-contract', '^web/', '^web/|^src/contract/', 'The page talks to the server over the contract.'),
    {
      name: 'page-loads-no-schemas',
      comment: 'The page takes types from the contract, and the two files that hold no schema: a browser need not load a validator.',
      severity: 'error',
      from: { path: '^web/', pathNot: TEST },
      to: { path: '^src/contract/', pathNot: '^src/contract/operation-(request|routes\\.gen)\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'tests-stay-tests',
      comment: 'What ships does not import tests and what supports them.',
      severity: 'error',
      from: { path: '^(src|scripted-model|web)/', pathNot: TEST },
      to: { path: `^(test|bench)/|${TEST}` },
    },
    {
      name: 'ships-what-it-needs',
      comment: 'A package that production code imports belongs into "dependencies".',
      severity: 'error',
      from: { path: '^(src|scripted-model)/', pathNot: TEST },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    ...OWNERS.map(([library, owner]) => ({
      name: `${library}-has-one-owner`,
      comment: `${library} is used in ${owner} alone.`,
      severity: 'error',
      from: { path: '^(src|scripted-model)/', pathNot: `${owner}|${TEST}` },
      to: { path: `(^|/)node_modules/${library}/` },
    })),
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one file, or three.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-barrels',
      comment: 'Import from the file that declares a thing: a file that only passes on hides who needs what.',
      severity: 'error',
      from: {},
      to: { path: '/index\\.ts$', pathNot: NPM },
    },
    {
      name: 'all-found',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: NPM },
    exclude: { path: '^dist/' },
    // Type imports count too: an interface that names a forbidden type has crossed the wall already.
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
};
