/** `npm run bench [-- SUITE… OPTIONS]`: measures, prints tables, keeps them in RESULTS.md. */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { coherence } from './coherence.ts';
import { cost } from './cost.ts';
import { hour } from './hour.ts';
import { known } from './known.ts';
import { large } from './large.ts';
import { describeLoad, describeMachine } from './machine.ts';
import { node } from './node.ts';
import { page } from './page.ts';
import { pythonApi } from './python-api.ts';
import { suiteText, writeSection } from './report.ts';
import { slowdown } from './slowdown.ts';
import { small } from './small.ts';
import type { Options, Suite } from './suite.ts';

const suites: readonly Suite[] = [slowdown, cost, small, pythonApi, known, coherence, hour, large, page, node];

const usage = `usage: npm run bench -- [SUITE…] [options]

suites (all, unless named): ${suites.map((suite) => suite.name).join(', ')}

  --quick          short runs, to see whether a suite works; nothing is written to RESULTS.md
  --seconds N      seconds of work per measured run
  --minutes N      slowdown: nothing new after so many minutes, once 12 programs are measured (default 60)
  --processes N    coherence: processes for each kind and version (default 5)
  --only NAME      only this program, kind or profiler; repeatable
  --python 3.N     only this version of Python; repeatable
  --node N         only this version of Node.js beside the one that runs this; repeatable
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    help: { type: 'boolean', short: 'h', default: false },
    quick: { type: 'boolean', default: false },
    seconds: { type: 'string' },
    minutes: { type: 'string', default: '60' },
    processes: { type: 'string' },
    only: { type: 'string', multiple: true, default: [] },
    python: { type: 'string', multiple: true, default: [] },
    node: { type: 'string', multiple: true, default: [] },
  },
});

function amount(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} needs a number above 0, not ${text}`);
  return value;
}

const options: Options = {
  quick: values.quick,
  seconds: values.seconds === undefined ? undefined : amount('seconds', values.seconds),
  minutes: amount('minutes', values.minutes),
  only: values.only,
  pythons: values.python,
  nodes: values.node,
  processes: amount('processes', values.processes ?? (values.quick ? '1' : '5')),
};

async function main(): Promise<void> {
  const unknown = positionals.find((name) => !suites.some((suite) => suite.name === name));
  if (values.help || unknown !== undefined) {
    process.stdout.write(unknown === undefined ? usage : `there is no suite "${unknown}"\n\n${usage}`);
    process.exitCode = unknown === undefined ? 0 : 2;
    return;
  }
  // Once: later it would count what the benchmarks themselves did.
  const load = describeLoad();
  for (const suite of suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
    const begin = new Date();
    const result = await suite.run(options);
    const minutes = ((Date.now() - begin.getTime()) / 60_000).toFixed(1);
    const flags = process.argv.slice(2).filter((word) => !suites.some(({ name }) => name === word));
    const context = [
      `${begin.toISOString().slice(0, 10)}, ${minutes} minutes, \`npm run bench -- ${[suite.name, ...flags].join(' ')}\``,
      describeMachine(),
      load,
    ];
    const text = suiteText(suite, result, context);
    process.stdout.write(`${text}\n`);
    if (!options.quick) writeSection(fileURLToPath(new URL('RESULTS.md', import.meta.url)), suite.name, text);
  }
}

await main();
