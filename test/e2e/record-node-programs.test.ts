/** Do programs that many people run say the same and end the same when recorded, and does the report name what they do? */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { FrameInfo } from '../../src/session/session.ts';
import { declareMissing, providedFolder } from '../support/provided.ts';
import { totalSeconds } from '../support/record.ts';
import { recordNode, rowsWhere } from '../support/record-node.ts';

const own = fileURLToPath(new URL('../../node_modules', import.meta.url));
const provided = join(providedFolder, 'node-real/node_modules');

interface RealProgram {
  /** File to give to Node.js. */
  readonly program: string;
  readonly args: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  /** How it ends. */
  readonly code: number;
  /** Functions in which it spends a good part of its time; some with the place that they are at. */
  readonly names: readonly string[];
}

const functions = Array.from({ length: 400 }, (_, number) => {
  return `export function half${number}(value: number): number {\n  const text = [value, ${number}].join();\n  return   text.length / 2\n}\n`;
}).join('');

const untyped = functions.replaceAll(': number', '');

/** Vite translates it to a file that it removes at once. */
const viteConfig = `
interface Unused {
  readonly nothing: string;
}
function spinInPlugin(milliseconds: number): void {
  for (const end = Date.now() + milliseconds; Date.now() < end; ) Math.sqrt(end);
}
export default { plugins: [{ name: 'own', generateBundle: () => spinInPlugin(400) }] };
`;

const programs: Readonly<Record<string, RealProgram>> = {
  tsc: {
    program: join(own, 'typescript/bin/tsc'),
    args: ['--strict', '--skipLibCheck', '--lib', 'es2015', '--noEmit', 'main.ts'],
    files: { 'main.ts': `${functions}export const wrong: string = 1;\n` },
    code: 2,
    names: ['createProgram', 'checkSourceFile'],
  },
  'vite build': {
    program: join(own, 'vite/bin/vite.js'),
    args: ['build', '--logLevel', 'error'],
    files: {
      'index.html': '<script type="module" src="main.js"></script>',
      'main.js': untyped,
      'vite.config.ts': viteConfig,
    },
    code: 0,
    names: ['spinInPlugin vite.config.ts:5'],
  },
  'vitest run': {
    program: join(own, 'vitest/vitest.mjs'),
    args: ['run', '--globals', '--reporter', 'tap-flat'],
    files: {
      'half.test.ts': `${functions}test('halves', () => {
        for (const end = Date.now() + 300; Date.now() < end; ) half1(Math.random());
        expect(half1(1)).toBe(2);
      });`,
    },
    code: 1,
    names: ['half1'],
  },
  eslint: {
    program: join(provided, 'eslint/bin/eslint.js'),
    args: ['main.js'],
    files: {
      'eslint.config.mjs': 'export default [{ rules: { "no-undef": "error" } }];',
      'main.js': `${untyped}unknown();\n`,
    },
    code: 1,
    names: ['verify', 'parse'],
  },
  prettier: {
    program: join(provided, 'prettier/bin/prettier.cjs'),
    args: ['--check', 'main.ts'],
    files: { 'main.ts': functions },
    code: 1,
    names: ['formatWithCursor'],
  },
};

for (const [name, { program, args, files, code, names }] of Object.entries(programs)) {
  if (!existsSync(program)) declareMissing(name, program);
  else {
    test(name, async () => {
      const plain = runPlain([program, ...args], files);
      expect(plain.code).toBe(code);
      const node = { major: 0, path: process.execPath };
      const recorded = await recordNode(node, ['--', process.execPath, program, ...args], { files });
      expect(recorded.code).toBe(code);
      expect(withoutTimes(recorded.stdout)).toBe(withoutTimes(plain.stdout));
      expect(withoutTimes(recorded.stderr)).toBe(withoutTimes(plain.stderr));
      const rows = rowsWhere(recorded.session, () => true);
      const all = totalSeconds(rows);
      for (const wanted of names) {
        const [functionName, place = ''] = wanted.split(' ');
        const isWanted = (frame: FrameInfo): boolean => {
          return frame.functionName === functionName && `${frame.file}:${frame.firstLine}`.endsWith(place);
        };
        const inside = rows.filter(({ frames }) => frames.some(isWanted));
        expect(totalSeconds(inside) / all, wanted).toBeGreaterThan(0.05);
      }
    });
  }
}

const next = join(provided, 'next/dist/bin/next');

const page = (name: string): string => `
import { spin } from '../lib/spin.js';
export function getStaticProps() {
  return { props: { text: spin(400) } };
}
export default function ${name}({ text }) {
  return <main>${name} {text}</main>;
}
`;

const site: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "site", "private": true, "type": "module" }',
  'next.config.js': `export default {
    eslint: { ignoreDuringBuilds: true },
    typescript: { ignoreBuildErrors: true },
    experimental: { cpus: 1, serverSourceMaps: true },
  };`,
  'lib/spin.js': `export function spin(milliseconds) {
    let turns = 0;
    for (const end = Date.now() + milliseconds; Date.now() < end; turns++) Math.sqrt(turns);
    return turns > 0 ? 'done' : 'never';
  }`,
  'pages/index.js': page('Home'),
  'pages/about.js': page('About'),
};

// It takes so long that it is not run without timesink.
if (!existsSync(next)) declareMissing('next build', next);
else {
  test('next build', async () => {
    const folder = folderWith(site);
    symlinkSync(provided, join(folder, 'node_modules'));
    const node = { major: 0, path: process.execPath };
    const { code, stdout, stderr, session } = await recordNode(node, ['--', process.execPath, next, 'build', folder], {
      env: { NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: undefined, CI: undefined },
      timeout: 110_000,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Compiled successfully[\s\S]+Generating static pages \(4\/4\)[\s\S]+ \/about /);
    const rows = rowsWhere(session, () => true);
    const secondsIn = (functionName: string, file: string): number => {
      const isWanted = (frame: FrameInfo): boolean =>
        frame.functionName === functionName && (frame.file ?? '').endsWith(file);
      return totalSeconds(rows.filter(({ frames }) => frames.some(isWanted)));
    };
    // Of the program, of the process that compiles, and of the one that makes the pages, from minified code.
    expect(secondsIn('nextBuild', 'next-build.ts') / totalSeconds(rows)).toBeGreaterThan(0.05);
    expect(secondsIn('parse', 'webpack/bundle5.js')).toBeGreaterThan(0.1);
    expect(secondsIn('getStaticProps', 'pages/about.js')).toBeGreaterThan(0.1);
    expect(secondsIn('spin', 'lib/spin.js')).toBeGreaterThan(0.3);
  }, 120_000);
}

function runPlain(argv: readonly string[], files: Readonly<Record<string, string>>) {
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { cwd: folderWith(files), encoding: 'utf8' });
  return { stdout, stderr, code: status };
}

function folderWith(files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** Folders and times differ each time. */
function withoutTimes(text: string): string {
  return text.replace(/\S*timesink-test-\w+/g, 'FOLDER').replace(/\d+(\.\d+)? ?m?s\b|time=\S+/g, 'TIME');
}
