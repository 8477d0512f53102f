/** What would a person call a function of JavaScript or TypeScript? Its name, or what it is for, from the source around it. */
import { beforeTypeParameters, endsExpression, type FunctionTokens, functionAround } from './javascript-functions.ts';
import { type JavaScriptTokens, operatorWords, tokenKind } from './javascript-tokens.ts';

/** A name, and the class or the object that the function is a method of. */
export interface JavaScriptName {
  readonly name: string;
  readonly owner: string | null;
}

/** How many tokens are looked through for the name of a class or of a variable with its type. */
const near = 60;

/** Longer texts say too much. */
const longestText = 32;

/** How far a function may be handed on, through brackets and operators, until something names it. */
const mostSteps = 8;

const none = -1;

/** Words that may stand before the name of a method. */
const modifiers: ReadonlySet<string> = new Set([
  ...['get', 'set', 'async', 'static', 'public', 'private', 'protected', 'override', 'readonly', 'accessor', 'declare'],
]);

/** Objects whose members are not named after them. */
export const plainOwners: ReadonlySet<string> = new Set([
  'exports',
  'module',
  'this',
  'self',
  'window',
  'globalThis',
  'global',
]);

/** The name of a function; null where the source says nothing of it. */
export function nameOfFunction(tokens: JavaScriptTokens, found: FunctionTokens): JavaScriptName | null {
  return ownName(tokens, found) ?? nameOfReturned(tokens, found);
}

function ownName(tokens: JavaScriptTokens, { parameters, body, last }: FunctionTokens): JavaScriptName | null {
  const head = headOf(tokens, parameters);
  if (tokens.is(body - 1, '=>')) return nameOfValue(tokens, tokens.is(head, 'async') ? head - 1 : head, last);
  const word = functionWord(tokens, head);
  if (word >= 0) return nameOfValue(tokens, beforeAsync(tokens, word), last);
  if (!isKey(tokens, head)) return null;
  const name = textOfKey(tokens, head);
  const wordBefore = functionWord(tokens, head - 1);
  if (wordBefore < 0) return { name, owner: ownerOfMember(tokens, head) };
  const target = nameOfValue(tokens, beforeAsync(tokens, wordBefore), last);
  return { name, owner: target?.name === name ? target.owner : null };
}

/** What stands before the parameters, and their types. */
function headOf(tokens: JavaScriptTokens, parameters: number): number {
  return tokens.is(parameters - 1, '>') ? beforeTypeParameters(tokens, parameters - 1) : parameters - 1;
}

/** `function`, also where a token is the star after it; −1 for others. */
function functionWord(tokens: JavaScriptTokens, token: number): number {
  const word = tokens.is(token, '*') ? token - 1 : token;
  return tokens.is(word, 'function') ? word : none;
}

/** The token before a function that begins at a token, `async` left out. */
function beforeAsync(tokens: JavaScriptTokens, first: number): number {
  return tokens.is(first - 1, 'async') ? first - 2 : first - 1;
}

function isKey(tokens: JavaScriptTokens, token: number): boolean {
  const kind = tokens.kind(token);
  if (kind === tokenKind.word) return !operatorWords.has(tokens.text(token)) || isMemberName(tokens, token);
  return kind === tokenKind.text || kind === tokenKind.number || tokens.is(token, ']');
}

/** Methods may have the name of any word: `delete() {…}`. */
function isMemberName(tokens: JavaScriptTokens, token: number): boolean {
  const before = tokens.text(token - 1);
  return before === '{' || before === '}' || before === ';' || before === ',' || modifiers.has(before);
}

/** A name, a text without its quotes, or `[expression]`. */
function textOfKey(tokens: JavaScriptTokens, token: number): string {
  if (tokens.kind(token) === tokenKind.text) return tokens.text(token).slice(1, -1);
  if (!tokens.is(token, ']')) return tokens.text(token);
  return shortened(tokens.source.slice(tokens.start(tokens.match(token)), tokens.end(token)));
}

/** The name of a function by what becomes of it; `before` stands before it. */
function nameOfValue(tokens: JavaScriptTokens, before: number, last: number): JavaScriptName | null {
  let [token, end] = [before, last];
  for (let steps = 0; steps < mostSteps && token >= 0; steps++) {
    const text = tokens.text(token);
    if (text === '=' || text === '||=' || text === '&&=' || text === '??=') return nameOfTarget(tokens, token - 1);
    if (text === ':') return nameOfProperty(tokens, token - 1);
    if (text === 'default') return { name: 'default', owner: null };
    if (text === '{' && tokens.is(token - 1, '=')) return nameOfTarget(tokens, token - 2);
    if (text === '(' || text === ',') {
      const open = text === '(' ? token : tokens.parent(token);
      if (!tokens.is(open, '(')) return null;
      if (isCallee(tokens, open - 1)) return nameOfCallback(tokens, open, token);
      if (text === ',') return null;
      if (isCalled(tokens, tokens.match(open), end)) return { name: '(immediately invoked)', owner: null };
      end = tokens.match(open);
      token = open - 1;
    } else if (/^(?:[!+\-~]|void|await)$/.test(text)) {
      if (isCalled(tokens, end, end)) return { name: '(immediately invoked)', owner: null };
      token--;
    } else return null;
  }
  return null;
}

/** Whether a call's bracket, or `.call(`, follows one of two tokens. */
function isCalled(tokens: JavaScriptTokens, first: number, second: number): boolean {
  return [first, second].some(
    (token) =>
      tokens.is(token + 1, '(') || (tokens.is(token + 1, '.') && /^(?:call|apply)$/.test(tokens.text(token + 2))),
  );
}

function isCallee(tokens: JavaScriptTokens, token: number): boolean {
  return tokens.is(token, '>') || tokens.is(token, '?.') || endsExpression(tokens, token);
}

/** `a.b.c =`, `const c =`, `c: Type =`. */
function nameOfTarget(tokens: JavaScriptTokens, last: number): JavaScriptName | null {
  const typed = nameBeforeType(tokens, last);
  const token = typed < 0 ? last : typed;
  if (!isKey(tokens, token)) return null;
  const name = textOfKey(tokens, token);
  const first = tokens.is(token, ']') ? tokens.match(token) : token;
  if (tokens.is(first - 1, '.')) {
    if (name === 'exports' && tokens.is(first - 2, 'module')) return { name: 'module.exports', owner: null };
    return { name, owner: ownerOfPath(tokens, first - 2) };
  }
  return { name, owner: ownerOfMember(tokens, token) };
}

/** Where a declaration has a type: its name; −1 where there is none. */
function nameBeforeType(tokens: JavaScriptTokens, last: number): number {
  const around = tokens.parent(last);
  let token = last;
  for (let steps = 0; steps < near && token > around; steps++) {
    if (/^(?:[;{}=(]|const|let|var)$/.test(tokens.text(token)) && tokens.match(token) < 0) return none;
    if (tokens.is(token, ':')) {
      const name = tokens.is(token - 1, '?') || tokens.is(token - 1, '!') ? token - 2 : token - 1;
      return tokens.kind(name) === tokenKind.word ? name : none;
    }
    const match = tokens.match(token);
    token = match >= 0 && match < token ? match - 1 : token - 1;
  }
  return none;
}

/** `Foo` of `Foo.prototype`, `res` of `res`; nothing for `exports` and the like. */
function ownerOfPath(tokens: JavaScriptTokens, token: number): string | null {
  if (tokens.is(token, 'prototype') && tokens.is(token - 1, '.')) return ownerOfPath(tokens, token - 2);
  if (tokens.kind(token) !== tokenKind.word || plainOwners.has(tokens.text(token))) return null;
  return tokens.text(token);
}

function nameOfProperty(tokens: JavaScriptTokens, key: number): JavaScriptName | null {
  const first = tokens.is(key, ']') ? tokens.match(key) : key;
  const before = tokens.text(first - 1);
  if (!isKey(tokens, key) || (before !== '{' && before !== ',')) return null;
  return { name: textOfKey(tokens, key), owner: ownerOfMember(tokens, key) };
}

/** Of a function that is what another one gives back. */
function nameOfReturned(tokens: JavaScriptTokens, { parameters }: FunctionTokens): JavaScriptName | null {
  const head = headOf(tokens, parameters);
  const word = functionWord(tokens, head);
  const before = word < 0 ? beforeAsync(tokens, head + 1) : beforeAsync(tokens, word);
  if (!tokens.is(before, 'return') && !tokens.is(before, '=>')) return null;
  const outer = functionAround(tokens, tokens.start(before));
  const name = outer === null ? null : ownName(tokens, outer);
  if (name === null || name.name.startsWith('(')) return null;
  return { name: `(returned by ${name.owner === null ? '' : `${name.owner}.`}${name.name})`, owner: null };
}

/** `(callback of map)`, with the first argument where that is a short text: `(callback of get '/users')`. */
function nameOfCallback(tokens: JavaScriptTokens, open: number, before: number): JavaScriptName | null {
  let callee = open - 1;
  if (tokens.is(callee, '>')) callee = beforeTypeParameters(tokens, callee);
  if (tokens.is(callee, '?.')) callee--;
  if (tokens.kind(callee) !== tokenKind.word) return null;
  let first = callee;
  while (tokens.is(first - 1, '.') && tokens.kind(first - 2) === tokenKind.word) first -= 2;
  const isNew = tokens.is(first - 1, 'new');
  const argument = before > open && tokens.kind(open + 1) === tokenKind.text ? tokens.text(open + 1) : '';
  const text = argument === '' || argument.length > longestText ? '' : ` ${argument}`;
  return { name: `(callback of ${isNew ? 'new ' : ''}${tokens.text(callee)}${text})`, owner: null };
}

/** The class whose body a member stands in, or the variable that its object literal becomes; null for others. */
function ownerOfMember(tokens: JavaScriptTokens, member: number): string | null {
  const open = tokens.parent(member);
  if (!tokens.is(open, '{')) return null;
  const word = classWord(tokens, open);
  if (word >= 0) return nameOfClass(tokens, word);
  if (!tokens.is(open - 1, '=')) return null;
  const typed = nameBeforeType(tokens, open - 2);
  const target = typed < 0 ? open - 2 : typed;
  if (tokens.kind(target) !== tokenKind.word || tokens.is(target, 'prototype')) return ownerOfPath(tokens, target);
  return plainOwners.has(tokens.text(target)) ? null : tokens.text(target);
}

/** The word `class` of the body that a bracket begins; −1 for other brackets. */
export function classWord(tokens: JavaScriptTokens, open: number): number {
  const around = tokens.parent(open);
  let token = open - 1;
  for (let steps = 0; steps < near && token > around; steps++) {
    if (tokens.is(token, 'class') && !tokens.is(token - 1, '.')) return token;
    if (/^(?:[;{}=:]|=>)$/.test(tokens.text(token)) && tokens.match(token) < 0) return none;
    if (tokens.is(token, '}')) return none;
    const match = tokens.match(token);
    token = match >= 0 && match < token ? match - 1 : token - 1;
  }
  return none;
}

/** `class Foo`, or `const Foo = class`. */
export function nameOfClass(tokens: JavaScriptTokens, word: number): string | null {
  const next = word + 1;
  if (tokens.kind(next) === tokenKind.word && !/^(?:extends|implements)$/.test(tokens.text(next)))
    return tokens.text(next);
  return tokens.is(word - 1, '=') ? (nameOfTarget(tokens, word - 2)?.name ?? null) : null;
}

function shortened(text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText - 2)}…]` : text;
}
