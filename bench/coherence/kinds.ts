/** Which targets are there, and which stacks can they have? */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChecked } from '../run.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));

/** A program of tiny functions that runs for ever. */
export interface Kind {
  readonly name: string;
  readonly script: string;
  /** `NAME.calls`: who calls whom; `NAME.stacks`: whole stacks. */
  readonly listFile: string;
}

/** Whether a stack can be: function names, outermost first. */
export type IsPossible = (stack: readonly string[]) => boolean;

/** All kinds, by name. */
export function listKinds(): readonly Kind[] {
  return readdirSync(folder)
    .sort()
    .flatMap((file) => {
      const name = /^(\w+)\.(?:calls|stacks)$/.exec(file)?.[1];
      return name === undefined ? [] : { name, script: join(folder, `${name}.py`), listFile: join(folder, file) };
    });
}

/**
 * Reads a kind's list. A line that begins with `*` says that code of the standard library takes part: its calls differ
 * between versions, so the interpreter is asked for them.
 */
export async function readPossible(kind: Kind, python: string): Promise<IsPossible> {
  const lines = readFileSync(kind.listFile, 'utf8').trimEnd().split('\n');
  const listed = lines.filter((line) => !line.startsWith('*'));
  if (kind.listFile.endsWith('.stacks')) return knownStacks(listed);
  return knownCalls(listed.length < lines.length ? [...listed, ...(await observedCalls(kind, python))] : listed);
}

async function observedCalls(kind: Kind, python: string): Promise<readonly string[]> {
  const { stdout } = await runChecked([python, join(folder, 'observe_calls.py'), '4', kind.script]);
  return stdout.trimEnd().split('\n');
}

/** From lines `CALLER: CALLEE CALLEE …`. */
function knownCalls(lines: readonly string[]): IsPossible {
  const calls = new Set<string>();
  for (const line of lines) {
    const [caller, callees = ''] = line.split(': ');
    for (const callee of callees.split(' ')) calls.add(`${caller}: ${callee}`);
  }
  return (stack) =>
    stack[0] === '<module>' && stack.every((name, i) => i === 0 || calls.has(`${stack[i - 1]}: ${name}`));
}

/** From lines of names, outermost first; a stack may end anywhere on its way. */
function knownStacks(lines: readonly string[]): IsPossible {
  const possible = new Set<string>();
  for (const line of lines) {
    const names = line.split(' ');
    names.forEach((_, i) => {
      possible.add(names.slice(0, i + 1).join(' '));
    });
  }
  return (stack) => possible.has(stack.join(' '));
}
