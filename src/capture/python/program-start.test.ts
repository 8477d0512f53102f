import { expect, test } from 'vitest';
import { SessionBuilder } from '../../session/builder.ts';
import type { SessionMeta } from '../../session/session.ts';
import { CCallees } from './code/c-callee.ts';
import type { Code } from './code/code.ts';
import { ProgramStart } from './program-start.ts';
import { StackNamer, type Walker } from './stack-namer.ts';
import { FrameView } from './walk/frame-view.ts';

const codes = new Map<string, Code>();

/** The code written as `function@file`, each time the same. */
function codeOf(text: string): Code {
  const [name = '', file = ''] = text.split('@');
  const code = codes.get(text) ?? {
    ...{ name, file, qualname: name, firstLine: 1, className: null, isTrampoline: false, hiddenLocal: -1 },
    ...{ units: 1, lines: Int32Array.of(1), locations: new Int32Array(2).fill(-1), hiddenLocations: undefined },
  };
  codes.set(text, code as Code);
  return code as Code;
}

/** A thread's stack, written outermost first. */
function walkerAt(stack: string): Walker {
  const frames = stack.split(' > ').flatMap((text) => {
    const view = new FrameView();
    if (text !== '') view.infer(codeOf(text), 0, 0, false);
    return text === '' ? [] : [view];
  });
  return { frames, depth: frames.length, moment: undefined, sample: () => true, slot: () => 0 };
}

/** Shows a main thread's stacks as they go into the recording; null while the program has not begun. */
class Program {
  readonly start: ProgramStart;
  readonly #builder = new SessionBuilder();
  readonly #namer: StackNamer;

  constructor(wasRunning: boolean) {
    this.start = new ProgramStart(wasRunning);
    codes.clear();
    // Frames that are only inferred call nothing in C, so nothing of a process is read.
    const nothing = undefined as never;
    this.#namer = new StackNamer(this.#builder, nothing, new CCallees(nothing, nothing, nothing));
  }

  shown(stack: string, now = 0): string | null {
    const index = this.start.stackOf(walkerAt(stack), this.#namer, now);
    if (index === undefined) return null;
    const { frames, stacks } = this.#builder.finish({} as SessionMeta);
    const names: string[] = [];
    for (let at = index as number; at >= 0; at = stacks.parent[at] as number) {
      const frame = frames[stacks.frame[at] as number];
      names.push(`${frame?.functionName}@${frame?.file}`);
    }
    return names.reverse().join(' > ');
  }
}

test('a program begins with its own module', () => {
  const program = new Program(false);
  expect(program.shown('')).toBeNull();
  expect(program.shown('<module>@<frozen site> > main@<frozen site>', 10)).toBeNull();
  expect(program.shown('_find@<frozen importlib._bootstrap>', 20)).toBeNull();
  expect(program.start.hasStarted).toBe(false);
  expect(program.shown('<module>@a.py > run@a.py', 30)).toBe('<module>@a.py > run@a.py');
  expect(program.start.hasStarted).toBe(true);
});

test('what runs -m is no part of the program', () => {
  const program = new Program(false);
  const runpy = '_run_module_as_main@<frozen runpy> > _run_code@<frozen runpy>';
  expect(program.shown(runpy)).toBeNull();
  expect(program.shown(`${runpy} > <module>@b.py > run@b.py`)).toBe('<module>@b.py > run@b.py');
  const older = '_run_module_as_main@/usr/lib/python3.8/runpy.py > _run_code@/usr/lib/python3.8/runpy.py';
  expect(new Program(false).shown(`${older} > <module>@b.py`)).toBe('<module>@b.py');
});

test('what runs after the module stands under it', () => {
  const program = new Program(false);
  program.shown('<module>@a.py > run@a.py');
  expect(program.shown('at_exit@a.py > work@a.py')).toBe('<module>@a.py > at_exit@a.py > work@a.py');
  expect(program.shown('_shutdown@threading.py')).toBe('<module>@a.py > _shutdown@threading.py');
  expect(program.shown('<module>@a.py > other@a.py')).toBe('<module>@a.py > other@a.py');
});

test('between two pieces of Python the time is the module’s', () => {
  const program = new Program(false);
  program.shown('<module>@a.py > run@a.py');
  expect(program.shown('')).toBe('<module>@a.py');
});

test('a process that was running already begins where it is', () => {
  const program = new Program(true);
  expect(program.start.hasStarted).toBe(true);
  expect(program.shown('_bootstrap@process.py > run@a.py')).toBe('_bootstrap@process.py > run@a.py');
  expect(program.shown('_bootstrap@process.py')).toBe('_bootstrap@process.py');
});

test('a program that has Python inside as a library begins after two seconds', () => {
  const program = new Program(false);
  expect(program.shown('callback@plugin.py', 1000)).toBeNull();
  expect(program.shown('callback@plugin.py', 2999)).toBeNull();
  expect(program.shown('callback@plugin.py', 3000)).toBe('callback@plugin.py');
});

test('Python in another than the main thread is a library, whose threads count after a while', () => {
  const { start } = new Program(false);
  start.goOnWithoutMain(100);
  expect(start.hasStarted).toBe(false);
  start.goOnWithoutMain(2000);
  expect(start.hasStarted).toBe(false);
  start.goOnWithoutMain(2100);
  expect(start.hasStarted).toBe(true);
});
