import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Script } from '../../session/javascript-scripts.ts';
import { readScripts } from './source-maps.ts';

/** Files by path; `read` notes what was asked for. */
function filesOf(files: Readonly<Record<string, string>>): {
  readonly asked: string[];
  readonly read: (path: string) => string | undefined;
} {
  const asked: string[] = [];
  return {
    asked,
    read(path) {
      asked.push(path);
      return files[path];
    },
  };
}

/** Line 0 column 0 comes from line 4 column 2 of the first source, column 8 from the second's line 0 column 2, with a name. */
const map = {
  version: 3,
  sources: ['../src/a.ts', 'b.ts'],
  names: ['spin'],
  mappings: 'AAIE,QCJAA',
  sourcesContent: ['text of a', null],
};

const inA = { file: '/srv/app/src/a.ts', lineNumber: 4, columnNumber: 2, name: null };
const inB = { file: '/srv/app/dist/b.ts', lineNumber: 0, columnNumber: 2, name: 'spin' };
const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');

describe('a script finds its map', () => {
  const expectMapped = (script: Script): void => {
    expect(script.isMapped).toBe(true);
    expect([script.original(0, 3), script.original(0, 9), script.original(3, 0)]).toEqual([inA, inB, null]);
  };

  test.each([
    ['beside it', '//# sourceMappingURL=a.js.map', { '/srv/app/dist/a.js.map': JSON.stringify(map) }],
    ['in the old way', '//@ sourceMappingURL=a.js.map\n\n', { '/srv/app/dist/a.js.map': JSON.stringify(map) }],
    ['in a comment of styles', '/*# sourceMappingURL=a.js.map */', { '/srv/app/dist/a.js.map': JSON.stringify(map) }],
    [
      'behind a line that protects it',
      '//# sourceMappingURL=a.js.map',
      { '/srv/app/dist/a.js.map': `)]}'\n${JSON.stringify(map)}` },
    ],
    ['inline', `//# sourceMappingURL=data:application/json;charset=utf-8;base64,${base64(map)}\n`, {}],
    ['inline, escaped', `//# sourceMappingURL=data:application/json,${encodeURIComponent(JSON.stringify(map))}`, {}],
    [
      'in sections',
      '//# sourceMappingURL=a.js.map',
      { '/srv/app/dist/a.js.map': JSON.stringify({ version: 3, sections: [{ offset: { line: 0, column: 0 }, map }] }) },
    ],
  ])('%s', (_, comment, files) => {
    const { read } = filesOf({ '/srv/app/dist/a.js': `code\n${comment}`, ...files });
    expectMapped(readScripts(read).script('file:///srv/app/dist/a.js'));
  });

  test('that only the runtime knows: what the file holds is not what ran', () => {
    const { read } = filesOf({ '/srv/app/dist/a.ts': 'text' });
    const script = readScripts(read, new Map([['file:///srv/app/dist/a.ts', map]])).script('file:///srv/app/dist/a.ts');
    expectMapped(script);
    expect(script.text).toBeUndefined();
  });

  test('with sources of a bundler, of the web, and by their root', () => {
    const sources = ['webpack://shop/./src/a.ts', 'http://host/b.ts', '/abs/c.ts'];
    const rooted = { ...map, sourceRoot: 'file:///srv/app/src/', sources: ['d.ts'], mappings: 'AAAA' };
    const of = (json: unknown): string[] => {
      const { read } = filesOf({ '/srv/a.js': `//# sourceMappingURL=data:application/json;base64,${base64(json)}` });
      const script = readScripts(read).script('/srv/a.js');
      return [0, 1, 2].flatMap((column) => script.original(0, column)?.file ?? []);
    };
    expect(of({ ...map, sources, mappings: 'AAAA,CCAA,CCAA' })).toEqual(['src/a.ts', 'http://host/b.ts', '/abs/c.ts']);
    expect(of(rooted)[0]).toBe('/srv/app/src/d.ts');
  });
});

test('texts of sources come from the map, else from the file', () => {
  const { read, asked } = filesOf({
    '/srv/app/dist/a.js': `//# sourceMappingURL=data:application/json;base64,${base64(map)}`,
    '/srv/app/dist/b.ts': 'text of b',
  });
  const scripts = readScripts(read);
  for (const _ of [1, 2]) {
    scripts.script('file:///srv/app/dist/a.js');
    expect([inA.file, inB.file, 'relative.ts'].map((file) => scripts.sourceText(file))).toEqual([
      'text of a',
      'text of b',
      undefined,
    ]);
  }
  expect(asked).toEqual(['/srv/app/dist/a.js', '/srv/app/dist/b.ts']);
});

test('scripts that are no files are not looked for', () => {
  const { read, asked } = filesOf({});
  const scripts = readScripts(read);
  for (const url of ['node:fs', 'http://host/a.js', 'evalmachine.<anonymous>', '', 'a.js']) {
    expect(scripts.script(url)).toMatchObject({ text: undefined, isMapped: false });
  }
  expect(asked).toEqual([]);
});

describe('a script has no map', () => {
  const long = 'AAAA;'.repeat(1_100_000);
  test.each([
    ['where it names none', 'code'],
    ['where the file is missing', '//# sourceMappingURL=other.map'],
    ['where more code follows', '//# sourceMappingURL=a.js.map\ncode()'],
    ['that is on the web', '//# sourceMappingURL=https://host/a.js.map'],
    ['that is no JSON', '//# sourceMappingURL=data:application/json,{'],
    ['that is no map', '//# sourceMappingURL=data:application/json,[]'],
    ['without sources', '//# sourceMappingURL=data:application/json,{"version":3,"mappings":"AAAA"}'],
    ['with other mappings', `//# sourceMappingURL=data:application/json;base64,${base64({ ...map, mappings: 'A%A' })}`],
    ['that is too long', `//# sourceMappingURL=data:application/json;base64,${base64({ ...map, mappings: long })}`],
    [
      'with sections in sections',
      `//# sourceMappingURL=data:application/json;base64,${base64({ sections: [{ offset: { line: 0, column: 0 }, map: { sections: [] } }] })}`,
    ],
  ])('%s', (_, text) => {
    const { read } = filesOf({ '/srv/app/dist/a.js': text, '/srv/app/dist/a.js.map': JSON.stringify(map) });
    const script = readScripts(read).script('file:///srv/app/dist/a.js');
    expect(script.isMapped).toBe(false);
    expect(script.original(0, 3)).toBeNull();
  });

  test('whose numbers lead nowhere', () => {
    const text = `//# sourceMappingURL=data:application/json;base64,${base64({ ...map, mappings: 'AEAA,IADAA,IAAAZ,gggggggggggggB' })}`;
    const script = readScripts(filesOf({ '/srv/a.js': text }).read).script('/srv/a.js');
    for (let column = 0; column < 20; column++) {
      const place = script.original(0, column);
      if (place !== null) expect(place.lineNumber).toBeGreaterThanOrEqual(0);
    }
  });
});

const source = `interface Row { price: number }
export class Quote {
  constructor(private readonly rows: Row[]) {}
  total(rate: number): number {
    return this.rows.reduce((sum, row) => sum + row.price * rate, 0);
  }
}
export const build = (count: number): Quote => new Quote(Array.from({ length: count }, (_, price) => ({ price })));
`;

test('what TypeScript writes, line by line', () => {
  const { outputText, sourceMapText } = ts.transpileModule(source, {
    compilerOptions: { sourceMap: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    fileName: 'quote.ts',
  });
  const { read } = filesOf({ '/srv/quote.js': outputText, '/srv/quote.js.map': sourceMapText ?? '' });
  const script = readScripts(read).script('file:///srv/quote.js');
  const lines = outputText.split('\n');
  const line = lines.findIndex((text) => text.includes('return this'));
  expect(script.originalLine(line)).toEqual({ file: '/srv/quote.ts', lineNumber: 4 });
  expect(script.original(line, lines[line]?.indexOf('return') ?? -1)).toMatchObject({ lineNumber: 4, columnNumber: 4 });
  expect(script.originalLine(999)).toBeNull();
});

describe('what a bundler has minified', () => {
  let folder = '';
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'timesink-test-'));
    writeFileSync(join(folder, 'quote.ts'), source);
    writeFileSync(join(folder, 'main.ts'), "import { build } from './quote.ts';\nconsole.log(build(9).total(2));\n");
    await build({
      configFile: false,
      root: folder,
      logLevel: 'silent',
      build: {
        ssr: 'main.ts',
        outDir: 'out',
        minify: true,
        sourcemap: true,
        rolldownOptions: { output: { entryFileNames: 'main.js' } },
      },
    });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('has the places of its sources', () => {
    const file = join(folder, 'out/main.js');
    const text = readFileSync(file, 'utf8');
    const script = readScripts((path) => readFileSync(path, 'utf8')).script(file);
    const [lineNumber, column] = placeOf(text, 'reduce(');
    expect(script.original(lineNumber, column)).toMatchObject({ file: join(folder, 'quote.ts'), lineNumber: 4 });
    // All of the bundle is one line.
    expect(script.originalLine(lineNumber)).toBeNull();
  });
});

/** Line and column, from 0. */
function placeOf(text: string, part: string): readonly [number, number] {
  const before = text.slice(0, text.indexOf(part)).split('\n');
  return [before.length - 1, before.at(-1)?.length ?? 0];
}
