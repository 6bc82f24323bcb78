// The house's directions (docs/decisions/0003). Tests run under the same rules, except that they may open concrete
// drivers. dependency-cruiser reads TypeScript with the installed `typescript`: with 7.0 it sees no module at all and
// passes, which test/architecture.test.ts guards against.

/** From the top: a level may import any below it, never one above, and rooms of one level not each other. */
const levels = [
  ['cli'],
  ['runtime'],
  ['services'],
  ['operations'],
  ['log', 'database', 'classification', 'github'],
  ['domain'],
  ['contracts', 'effects'],
];

/** What only tests load. */
const testing = ['\\.(test|fixture)\\.ts$', '/conformance/'];

const room = (names) => `^src/(${names.join('|')})/`;

const refused = (names) => (names.length > 0 ? [room(names)] : []);

const directions = levels.flatMap((names, index) => {
  const above = levels.slice(0, index).flat();
  return names.map((name) => ({
    name: `${name}-imports-downwards`,
    comment: `src/${name} may import only what lies below it`,
    severity: 'error',
    from: { path: room([name]) },
    to: { path: [...refused(above), ...refused(names.filter((other) => other !== name)), '^src/main\\.ts$'] },
  }));
});

export default {
  forbidden: [
    ...directions,
    {
      name: 'services-apart',
      comment: 'services talk to each other through the log and the database',
      severity: 'error',
      from: { path: '^src/services/([^/]+)/' },
      to: { path: '^src/services/[^/]+/', pathNot: '^src/services/$1/' },
    },
    {
      name: 'drivers-in-compose-only',
      comment: 'only runtime/compose.ts names a concrete driver of a port',
      severity: 'error',
      from: {
        path: '^src/',
        pathNot: [
          '^src/runtime/compose\\.ts$',
          '^src/(log/(embedded|kafka)|database/(pglite|postgres)|classification/local)/',
          '^src/cli/commands/eval\\.ts$',
          ...testing,
        ],
      },
      to: {
        path: '^src/(log/(embedded|kafka)|database/(pglite|postgres)|classification/local)/',
        // How a model did on labelled issues is arithmetic, and how a broker is reached is configuration.
        pathNot: '^src/(classification/local/evaluation/|log/kafka/connection\\.ts$)',
      },
    },
    {
      name: 'page-shares-shapes-only',
      comment: 'the page runs in a browser: of the server it may import the shapes that cross the border',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/contracts/' },
    },
    {
      name: 'server-stands-alone',
      comment: 'the server imports nothing of the page, the tests or the tools around it',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(web|test|bench|training|scripts)/' },
    },
    {
      name: 'tests-stay-out',
      comment: 'what runs in production loads nothing of the tests',
      severity: 'error',
      from: { path: '^src/', pathNot: testing },
      to: { path: testing },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: { path: '^(src|web)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'shipped-needs-dependencies',
      comment: 'the server may use only what the package declares',
      severity: 'error',
      from: { path: '^src/', pathNot: testing },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(web/)?dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
