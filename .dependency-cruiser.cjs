// The layers of docs/architecture.md: capture -> session -> tree -> render, with cli on top.
const layer = (from, ...allowed) => ({
  name: `${from}-imports-only-${allowed.join('-') || 'itself'}`,
  severity: 'error',
  from: { path: `^src/${from}/`, pathNot: '\\.test\\.ts$' },
  to: { path: '^src/', pathNot: `^src/(${[from, ...allowed].join('|')})/` },
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    layer('util'),
    layer('session', 'util'),
    layer('capture', 'session', 'util'),
    layer('tree', 'session', 'util'),
    layer('render', 'tree', 'session', 'util'),
    {
      name: 'the-page-imports-only-what-runs-in-a-browser',
      severity: 'error',
      from: { path: '^viewer/', pathNot: '^viewer/(build/|vite\\.config)|\\.test\\.tsx?$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'viewer-imports-only-session-tree-util-render',
      severity: 'error',
      from: { path: '^viewer/', pathNot: '^viewer/build/|\\.test\\.tsx?$' },
      to: { path: '^(src|test|bench|tools)/', pathNot: '^src/(session|tree|util|render)/' },
    },
    {
      name: 'no-view-imports-another',
      severity: 'error',
      from: { path: '^viewer/views/([^/]+)/' },
      to: { path: '^viewer/views/[^/]+/', pathNot: '^viewer/views/$1/' },
    },
    {
      name: 'nothing-imports-the-page',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^viewer/' },
    },
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/cli/' },
      to: { path: '^src/cli/' },
    },
    {
      name: 'pure-layers-run-in-a-browser',
      severity: 'error',
      from: { path: '^src/(tree|session|util)/', pathNot: '(\\.test|/session/file)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'only-capture-recorder-and-cli-touch-the-system',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(capture|recorder|cli)/|^src/page-template\\.ts$|\\.test\\.ts$' },
      to: { path: '^(node:)?(child_process|worker_threads|fs|os|process)(/|$)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
  },
};
