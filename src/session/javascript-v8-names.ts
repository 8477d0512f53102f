/** What does V8's own name of a function say? */
import { type JavaScriptName, plainOwners } from './javascript-names.ts';

/** V8 infers `a.b.name` for what is assigned to a member. */
const memberName = /^(?:(?:[\p{ID_Start}$_][\p{ID_Continue}$]*)\.)+[#\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** Null for a function without a name. */
export function v8Name(functionName: string): JavaScriptName | null {
  if (functionName === '') return null;
  const accessor = /^(?:get|set) (.+)$/s.exec(functionName);
  if (accessor !== null) return { name: accessor[1] as string, owner: null };
  // Some hundred characters at most; longer ones are not names of members.
  if (functionName.length > 200 || !memberName.test(functionName)) return { name: functionName, owner: null };
  const parts = functionName.split('.');
  const name = parts.at(-1) as string;
  const owner = parts.at(-2) === 'prototype' ? parts.at(-3) : parts.at(-2);
  if (owner === 'module' && name === 'exports') return { name: functionName, owner: null };
  return { name, owner: owner === undefined || plainOwners.has(owner) ? null : owner };
}
