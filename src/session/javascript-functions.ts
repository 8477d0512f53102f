/** Where does a function of JavaScript or TypeScript source begin and end, and which one is a place inside? */
import { type JavaScriptTokens, operatorWords, tokenKind } from './javascript-tokens.ts';

/** A function in its source. All are positions of tokens. */
export interface FunctionTokens {
  /** Where its parameters begin: their bracket, or the only parameter of `x => …`. */
  readonly parameters: number;
  /** Where its body begins: its bracket, or the first token of an expression. */
  readonly body: number;
  /** The last token. */
  readonly last: number;
}

const none = -1;

/** How many tokens are looked through for what should be near. */
const near = 200;

/** What stands between the beginning of a function and its parameters: as far as it is no bracket, name or text. */
const headSigns: ReadonlySet<string> = new Set(['*', '=', ':', ',', '?']);

/** Words before the bracket of a condition: what follows that is a block, not the body of a function. */
export const controlWords: ReadonlySet<string> = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'await']);

/** Words that begin a statement: an expression does not go on with them on a new line. */
const statementWords: ReadonlySet<string> = new Set([
  ...['const', 'let', 'var', 'function', 'class', 'return', 'export', 'import', 'if', 'for', 'while', 'switch', 'type'],
  ...['interface', 'try', 'throw'],
]);

/**
 * The function whose head is at an offset: where its parameters, its name or a word such as `async` begins, as V8 and source
 * maps say, or its first parameter, as maps of `x => …` that was `(x) => …` say. Null where there is none.
 */
export function functionAt(tokens: JavaScriptTokens, offset: number): FunctionTokens | null {
  let token = tokens.at(offset);
  const open = tokens.parent(token);
  if (token === open + 1 && tokens.kind(token) === tokenKind.word && !tokens.is(token + 1, '=>')) {
    const found = tokens.is(open, '(') ? functionOfParameters(tokens, open) : null;
    if (found !== null && !controlWords.has(tokens.text(open - 1))) return found;
  }
  for (let steps = 0; steps < 16 && token < tokens.count; steps++) {
    if (tokens.is(token, '(')) return functionOfParameters(tokens, token);
    const kind = tokens.kind(token);
    if (kind === tokenKind.word && tokens.is(token + 1, '=>')) return functionOfParameters(tokens, token);
    if (tokens.is(token, '[')) token = afterPair(tokens, token);
    else if (tokens.is(token, '<')) token = afterTypeParameters(tokens, token);
    else if (kind === tokenKind.sign && !headSigns.has(tokens.text(token))) return null;
    else token++;
  }
  return null;
}

/** The innermost function around an offset; null at the top level of the file. */
export function functionAround(tokens: JavaScriptTokens, offset: number): FunctionTokens | null {
  for (let token = tokens.at(offset); token >= 0; token = tokens.parent(token)) {
    const arrow = arrowBefore(tokens, token);
    if (arrow >= 0) {
      const found = functionOfArrow(tokens, arrow);
      if (found !== null && tokens.end(found.last) > offset) return found;
    }
    const open = tokens.parent(token);
    const parameters = tokens.is(open, '{') ? parametersOfBody(tokens, open) : none;
    const found = parameters < 0 ? null : functionOfParameters(tokens, parameters);
    if (found !== null) return found;
  }
  return null;
}

/** The function that begins with these parameters, null where no function follows them. */
export function functionOfParameters(tokens: JavaScriptTokens, parameters: number): FunctionTokens | null {
  if (!tokens.is(parameters, '('))
    return tokens.is(parameters + 1, '=>') ? arrowFunction(tokens, parameters, parameters + 1) : null;
  const close = tokens.match(parameters);
  if (close < 0) return null;
  let token = close + 1;
  if (tokens.is(token, ':')) token = afterType(tokens, token + 1);
  if (tokens.is(token, '=>')) return arrowFunction(tokens, parameters, token);
  const last = tokens.is(token, '{') ? tokens.match(token) : none;
  return last < 0 ? null : { parameters, body: token, last };
}

function arrowFunction(tokens: JavaScriptTokens, parameters: number, arrow: number): FunctionTokens | null {
  const body = arrow + 1;
  if (tokens.is(body, '{')) return tokens.match(body) < 0 ? null : { parameters, body, last: tokens.match(body) };
  return { parameters, body, last: endOfExpression(tokens, body) };
}

/** The last token of an expression. */
function endOfExpression(tokens: JavaScriptTokens, first: number): number {
  const around = tokens.parent(first);
  let last = first;
  for (let token = first; token < tokens.count && tokens.parent(token) === around; ) {
    if (tokens.is(token, ',') || tokens.is(token, ';') || token === tokens.match(around)) break;
    if (token > first && statementWords.has(tokens.text(token)) && startsLine(tokens, token)) break;
    last = Math.max(token, tokens.match(token));
    token = last + 1;
  }
  return last;
}

function startsLine(tokens: JavaScriptTokens, token: number): boolean {
  return /[\n\r]/.test(tokens.source.slice(tokens.end(token - 1), tokens.start(token)));
}

/** The arrow of a function without braces that a token, within the bracket around it, may be in the body of; −1 without. */
function arrowBefore(tokens: JavaScriptTokens, from: number): number {
  const around = tokens.parent(from);
  let token = from;
  for (let steps = 0; steps < near && token > around; steps++) {
    if (tokens.is(token, ';') || tokens.is(token, ',')) return none;
    if (tokens.is(token, '=>')) return tokens.is(token + 1, '{') ? none : token;
    const match = tokens.match(token);
    token = match >= 0 && match < token ? match - 1 : token - 1;
  }
  return none;
}

function functionOfArrow(tokens: JavaScriptTokens, arrow: number): FunctionTokens | null {
  const parameters = parametersBefore(tokens, arrow);
  return parameters < 0 ? null : arrowFunction(tokens, parameters, arrow);
}

/** The parameters of the function whose body a bracket begins; −1 for other blocks. */
function parametersOfBody(tokens: JavaScriptTokens, open: number): number {
  if (tokens.is(open - 1, '=>')) return parametersBefore(tokens, open - 1);
  const parameters = parametersBefore(tokens, open);
  if (!tokens.is(parameters, '(') || controlWords.has(tokens.text(parameters - 1))) return none;
  return parameters;
}

/** The parameters that end before a token, perhaps with the type of what is returned between; −1 where there are none. */
function parametersBefore(tokens: JavaScriptTokens, token: number): number {
  if (tokens.is(token - 1, ')')) return tokens.match(token - 1);
  if (tokens.is(token, '=>') && tokens.kind(token - 1) === tokenKind.word && !tokens.is(token - 2, ':'))
    return token - 1;
  const around = tokens.parent(token);
  let before = token - 1;
  for (let steps = 0; steps < near && before > around; steps++) {
    if (tokens.is(before, ';') || tokens.is(before, '=')) return none;
    if (tokens.is(before, ':') && tokens.is(before - 1, ')')) {
      return afterType(tokens, before + 1) === token ? tokens.match(before - 1) : none;
    }
    const match = tokens.match(before);
    before = match >= 0 && match < before ? match - 1 : before - 1;
  }
  return none;
}

/** The token after the type that begins at a token: the first that can only go on with something else. */
function afterType(tokens: JavaScriptTokens, first: number): number {
  let expectsType = true;
  let token = first;
  for (let steps = 0; steps < near && token < tokens.count; steps++) {
    if (tokens.is(token, '{') && !expectsType) return token;
    if (tokens.is(token, '=>') && !(tokens.is(token - 1, ')') && typeArrow(tokens, token))) return token;
    const kind = tokens.kind(token);
    const isPair = tokens.match(token) > token;
    if (kind === tokenKind.sign && !isPair) {
      if (!/^(?:[|&.<>?,:]|=>|>+)$/.test(tokens.text(token))) return token;
      expectsType = !/^>+$/.test(tokens.text(token));
    } else {
      expectsType =
        kind === tokenKind.word &&
        /^(?:is|keyof|typeof|readonly|extends|infer|asserts|unique|new)$/.test(tokens.text(token));
    }
    token = isPair ? tokens.match(token) + 1 : token + 1;
  }
  return token;
}

/** Whether an arrow is part of a function's type: another arrow, or a body in braces, comes after it. */
function typeArrow(tokens: JavaScriptTokens, arrow: number): boolean {
  for (let token = arrow + 1, steps = 0; steps < near && token < tokens.count; steps++) {
    if (tokens.is(token, '=>')) return true;
    if (tokens.is(token, '{')) return token > arrow + 1;
    if (tokens.is(token, ';') || tokens.is(token, ',') || tokens.is(token, ')')) return false;
    token = tokens.match(token) > token ? tokens.match(token) + 1 : token + 1;
  }
  return false;
}

function afterPair(tokens: JavaScriptTokens, open: number): number {
  return Math.max(open, tokens.match(open)) + 1;
}

/** After `<T, U>`. */
function afterTypeParameters(tokens: JavaScriptTokens, open: number): number {
  let depth = 0;
  for (let token = open, steps = 0; steps < near && token < tokens.count; steps++) {
    const text = tokens.text(token);
    if (text === '<') depth++;
    else if (/^>+$/.test(text)) depth -= text.length;
    if (depth <= 0) return token + 1;
    token = tokens.match(token) > token ? tokens.match(token) + 1 : token + 1;
  }
  return open + 1;
}

/** Before the `<` of `<T, U>`, for the `>` at its end. */
export function beforeTypeParameters(tokens: JavaScriptTokens, close: number): number {
  let depth = 0;
  for (let token = close, steps = 0; steps < near && token >= 0; steps++) {
    const text = tokens.text(token);
    if (/^>+$/.test(text)) depth += text.length;
    else if (text === '<') depth--;
    if (depth <= 0) return token - 1;
    const match = tokens.match(token);
    token = match >= 0 && match < token ? match - 1 : token - 1;
  }
  return close - 1;
}

/** Whether a token can be the end of an expression, so that a bracket after it is a call. */
export function endsExpression(tokens: JavaScriptTokens, token: number): boolean {
  if (token < 0) return false;
  const kind = tokens.kind(token);
  if (kind === tokenKind.word) return !operatorWords.has(tokens.text(token)) && !controlWords.has(tokens.text(token));
  return kind !== tokenKind.sign || tokens.is(token, ')') || tokens.is(token, ']');
}
