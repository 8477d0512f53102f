/** At which lines does a function call others? By their names, in its source. */
import { controlWords, type FunctionTokens, functionOfParameters } from './javascript-functions.ts';
import { type JavaScriptTokens, operatorWords, tokenKind } from './javascript-tokens.ts';

/** Offsets of calls by the name that is called; −1 for names that are called on several lines. */
export type CallOffsets = ReadonlyMap<string, number>;

/** Functions of more tokens are those of bundlers, around all there is. */
const mostTokens = 200_000;

/** The calls in a function itself, those in the functions within it left out. */
export function callsIn(tokens: JavaScriptTokens, { body, last }: FunctionTokens): CallOffsets {
  const calls = new Map<string, number>();
  const end = Math.min(last, body + mostTokens);
  for (let token = body; token <= end; token++) {
    const isBracket = tokens.is(token, '(');
    if (!isBracket && !tokens.is(token + 1, '=>')) continue;
    const before = isBracket ? tokens.text(token - 1) : '';
    if (controlWords.has(before)) continue;
    const inner = functionOfParameters(tokens, token);
    if (inner !== null) token = inner.last;
    else if (isBracket) addCall(tokens, tokens.is(token - 1, '?.') ? token - 2 : token - 1, calls);
  }
  return calls;
}

function addCall(tokens: JavaScriptTokens, callee: number, calls: Map<string, number>): void {
  const name = tokens.text(callee);
  if (tokens.kind(callee) !== tokenKind.word || operatorWords.has(name)) return;
  const offset = tokens.start(callee);
  const known = calls.get(name);
  const isOtherLine = known !== undefined && (known < 0 || /[\n\r]/.test(tokens.source.slice(known, offset)));
  calls.set(name, isOtherLine ? -1 : offset);
}
