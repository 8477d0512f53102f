import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { functionAround, functionAt } from './javascript-functions.ts';
import { type JavaScriptName, nameOfFunction } from './javascript-names.ts';
import { JavaScriptSources } from './javascript-sources.ts';
import { type JavaScriptTokens, readTokens } from './javascript-tokens.ts';

/** Source text whose `▶` marks a place, and whose `§{` begins a part of a template. */
function marked(source: string): { readonly tokens: JavaScriptTokens; readonly offset: number } {
  const text = source.replaceAll('§{', '$' + '{');
  const offset = text.indexOf('▶');
  return { tokens: readTokens(text.replace('▶', '')) as JavaScriptTokens, offset };
}

function written(name: JavaScriptName | null): string | null {
  return name === null ? null : name.owner === null ? name.name : `${name.owner}.${name.name}`;
}

function nameAt(text: string): string | null {
  const { tokens, offset } = marked(text);
  const found = functionAt(tokens, offset);
  return found === null ? null : written(nameOfFunction(tokens, found));
}

describe('a function is named by', () => {
  test.each([
    ['its own name', 'function load▶(a) {}', 'load'],
    ['its own name, async and generating', 'async function* rows▶(a) {}', 'rows'],
    ['the variable it becomes', 'const load = ▶(a) => a', 'load'],
    ['the variable it becomes, without brackets', 'let load = async ▶a => a', 'load'],
    ['the variable, with a type', 'const load: (a: number) => void = ▶(a) => {}', 'load'],
    ['the variable, with type parameters', 'const load = async <T,>▶(a: T): Promise<T> => a', 'load'],
    ['the variable, an anonymous function', 'var load = async function ▶() {}', 'load'],
    ['the member it becomes', 'app.use = function ▶(req) {}', 'app.use'],
    ['the member, with a name', 'res.send = function send▶(body) {}', 'res.send'],
    ['what is exported', 'exports.load = function ▶() {}', 'load'],
    ['what the module is', 'module.exports = ▶() => {}', 'module.exports'],
    ['what is exported by default', 'export default ▶() => {}', 'default'],
    ['the class whose prototype it joins', 'Quote.prototype.total = function ▶() {}', 'Quote.total'],
    ['its class', 'class Quote { total▶() {} }', 'Quote.total'],
    [
      'its class, with a base',
      'class Quote<T> extends Base(mixin({ a: 1 })) implements I { async total▶() {} }',
      'Quote.total',
    ],
    ['its class, static', 'class Quote { static #rates = 1; static async *all▶() {} }', 'Quote.all'],
    ['its class, a getter', 'class Quote { a() {}\n get total▶() { return 1 } }', 'Quote.total'],
    ['its class, private', 'class Quote { #sum▶() {} }', 'Quote.#sum'],
    ['its class, computed', 'class Quote { [Symbol.iterator]▶() {} }', 'Quote.[Symbol.iterator]'],
    ['its class, a constructor', 'class Quote { constructor▶(a) { super(a) } }', 'Quote.constructor'],
    ['its class, a field', 'class Quote { handle = async ▶() => {} }', 'Quote.handle'],
    ['its class, a typed field', 'class Quote { private handle: Handler = ▶() => {} }', 'Quote.handle'],
    [
      'its class, with a type',
      'class Quote { total▶(rate: number): Promise<{ a: number }> { return x } }',
      'Quote.total',
    ],
    ['the variable of its class', 'const Quote = class { total▶() {} }', 'Quote.total'],
    ['its object', 'const api = { load▶() {} }', 'api.load'],
    ['its object and key', 'const api = { "a-b": 1, load: async ▶(x) => {} }', 'api.load'],
    ['its key', 'use({ load: function ▶() {} })', 'load'],
    ['its key in quotes', 'use({ "on end": ▶() => {} })', 'on end'],
    ['a word of the language that is a method', 'class Store { delete▶() {} }', 'Store.delete'],
    ['what calls it back', 'rows.map(▶(row) => row.x)', '(callback of map)'],
    ['what calls it back, second', 'setTimeout(▶() => {}, 10)', '(callback of setTimeout)'],
    ['what calls it back, after a text', "app.get('/users', async ▶(req, res) => {})", "(callback of get '/users')"],
    ['what calls it back, after others', 'on(a, b, function ▶() {})', '(callback of on)'],
    ['what calls it back, optional', 'rows?.map?.(▶(row) => row)', '(callback of map)'],
    [
      'what calls it back, with types',
      'rows.reduce<Map<string, number>>(▶(sum, row) => sum, x)',
      '(callback of reduce)',
    ],
    ['what calls it back, a class', 'new Promise(▶(resolve) => resolve())', '(callback of new Promise)'],
    ['what calls it back, in brackets', 'run((▶() => 1))', '(callback of run)'],
    ['where it is given', "const x = <Button onClick={▶() => save()}>Don't</Button>", 'onClick'],
    ['what returns it', 'function make(a) { return ▶() => a }', '(returned by make)'],
    ['what returns it, by an arrow', 'const make = (a) => ▶(b) => a + b', '(returned by make)'],
    ['what returns it, a function', 'class A { make() { return async function ▶() {} } }', '(returned by A.make)'],
    ['that it is called at once', '(▶() => { run() })()', '(immediately invoked)'],
    ['that it is called at once, within', '(function ▶() { run() }())', '(immediately invoked)'],
    ['that it is called at once, with this', '(function ▶() { run() }).call(this)', '(immediately invoked)'],
    ['that it is called at once, negated', '!function ▶() { run() }()', '(immediately invoked)'],
  ])('%s', (_, text, expected) => {
    expect(nameAt(text)).toBe(expected);
  });

  test.each([
    ['an element of a list', '[▶() => 1]'],
    ['a choice', 'a ? ▶() => 1 : b'],
    ['what a call gives, called', 'a()(▶() => 1)'],
    ['what is returned to nobody with a name', 'x(() => ▶() => 1)'],
    ['no function', 'const a = ▶1 + 2'],
    ['the end of the text', 'const a = 1▶'],
  ])('nothing: %s', (_, text) => {
    expect(nameAt(text)).toBeNull();
  });

  test.each([
    ['its first word', '▶async function load(a) {}'],
    ['its name', 'async function ▶load(a) {}'],
    ['the variable', 'const ▶load = async (a) => {}'],
    ['the key', 'x({ ▶load: (a) => {} })'],
    ['the word before', 'const load = ▶async (a) => {}'],
    ['the first parameter', 'const load = (▶a: number, b: (c) => void) => a'],
    ['the first parameter in braces', 'const load = ▶({ a }) => a'],
    ['type parameters', 'function load▶<T extends Map<string, U>>(a) {}'],
  ])('a place before it, as source maps have: %s', (_, text) => {
    expect(nameAt(text)).toBe('load');
  });
});

describe('the function around a place', () => {
  const around = (text: string): string | null => {
    const { tokens, offset } = marked(text);
    const found = functionAround(tokens, offset);
    return found === null ? null : (written(nameOfFunction(tokens, found)) ?? '?');
  };

  test.each([
    ['in its body', 'async function load() { if (a) { await ▶b() } }', 'load'],
    ['in an inner one', 'function load() { rows.map((row) => { ▶row() }) }', '(callback of map)'],
    ['after an inner one', 'function load() { rows.map((row) => { row() }); ▶x }', 'load'],
    ['in an arrow without braces', 'const load = async (a) => await ▶get(a)', 'load'],
    ['after such an arrow', 'function all() { const load = (a) => get(a); ▶x }', 'all'],
    ['in the arguments of a call', 'function load() { run(a, ▶b) }', 'load'],
    ['behind a type', 'async function load(a: number): Promise<Map<string, { b: number }>> { await ▶x }', 'load'],
    ['in a method', 'class A { async load() { for (const a of b) { await ▶a } } }', 'A.load'],
    ['in a method in a template', 'class A { load() { return `§{a} §{▶b}` } }', 'A.load'],
    ['in a block', 'if (a) { ▶b }', null],
    ['at the top', 'await ▶x', null],
  ])('%s', (_, text, expected) => {
    expect(around(text)).toBe(expected);
  });
});

test('comments, strings, templates and regular expressions hide what looks like code', () => {
  const hidden = [
    ...['// }', '/* } */', "'}'", '"\\"}"', '`}§{"}"}`', '/[}/]}/', '`a§{`b§{c}`}d`', "'\\\n}'"],
    ...['a / b / (c)', 'return /}/.test(a)', "<p>Don't</p>\n"],
  ];
  for (const text of hidden) expect(nameAt(`class A { a() { x; ${text}\n }\n b▶() {} }`), text).toBe('A.b');
});

test('lines and columns', () => {
  const sources = new JavaScriptSources();
  const text = '\nconst a = 1;\r\nfunction load(\n  b,\n) {\n  return b;\n}\n';
  expect(sources.at(text, 2, 13)).toMatchObject({
    lineNumber: 2,
    columnNumber: 13,
    lastLineNumber: 6,
    name: { name: 'load', owner: null },
  });
  expect(sources.around(text, 5, 2)).toMatchObject({ lineNumber: 2, columnNumber: 13 });
  expect([sources.at(text, 2, 400), sources.at(text, 99, 0), sources.at(undefined, 0, 0)]).toEqual([null, null, null]);
});

const pieces = [
  '(',
  ')',
  '{',
  '}',
  '[',
  ']',
  '=>',
  'function',
  'class',
  'a',
  ',',
  ';',
  ':',
  '=',
  '`',
  '${',
  '"',
  '/',
  '<',
  '>',
];

test('any text can be asked anywhere', () => {
  const text = fc.oneof(
    fc.string(),
    fc.array(fc.constantFrom(...pieces, ' ', '\n', 'async', 'return', '.')).map((list) => list.join('')),
  );
  fc.assert(
    fc.property(text, fc.nat(200), (source, offset) => {
      const tokens = readTokens(source) as JavaScriptTokens;
      for (const found of [functionAt(tokens, offset), functionAround(tokens, offset)]) {
        if (found === null) continue;
        expect(found.parameters).toBeLessThan(found.body);
        expect(found.body).toBeLessThanOrEqual(found.last);
        nameOfFunction(tokens, found);
      }
    }),
  );
});

test('texts made to hurt', () => {
  const deep = 100_000;
  const texts = [
    '('.repeat(deep),
    `${'('.repeat(deep)}${'}'.repeat(deep)}`,
    'a=>'.repeat(deep),
    `${'{'.repeat(deep)}x`,
    '`${'.repeat(deep),
    `"${'\\'.repeat(deep)}`,
    'a<'.repeat(deep),
    '/*'.repeat(deep),
    'a'.repeat(1_000_000),
  ];
  for (const text of texts) {
    const tokens = readTokens(text) as JavaScriptTokens;
    for (const offset of [0, deep, text.length - 1]) {
      const [at, around] = [functionAt(tokens, offset), functionAround(tokens, offset)];
      for (const found of [at, around]) if (found !== null) nameOfFunction(tokens, found);
    }
  }
});
