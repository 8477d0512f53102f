import { expect, test } from 'vitest';
import { describeEachPython } from '../../../test/support/pythons.ts';
import { type OpenTarget, sharedTarget, walkerOf } from '../../../test/support/target.ts';
import { SessionBuilder } from '../../session/builder.ts';
import { noStack, type StackIndex } from '../../session/ids.ts';
import type { FrameInfo, SessionMeta } from '../../session/session.ts';
import { CCallees } from './code/c-callee.ts';
import { CallSource } from './code/call-source.ts';
import { CodeCache } from './code/code-cache.ts';
import { StackNamer, type Walker } from './stack-namer.ts';

/** Waits below methods of every kind, each called by the one before. */
const program = `import functools, os, sys

def wrapped(function):
    @functools.wraps(function)
    def wrapper(*args): return function(*args)
    return wrapper

class Base:
    def method(self): self.in_cell()
    def in_cell(self):
        def inner(): return self.overridden()
        inner()
    def overridden(self): self.attribute
    @property
    def attribute(self): self.made()
    @classmethod
    def made(cls): cls.static(cls())
    @staticmethod
    def static(one): one.decorated()
    @wrapped
    def decorated(self): self.last()
    class Inner:
        def deeper(self): as_function(self)

class Derived(Base):
    def overridden(self): super().overridden()
    def last(self):
        __tracebackhide__ = True
        self.shown()
    def shown(self):
        if not self: __traceback_hide__ = True
        Base.Inner().deeper()

def as_function(self): no_argument()
def no_argument():
    print('up', flush=True)
    os.read(0, 100)

def main(): Derived().method()
main()
`;

type Named = Pick<FrameInfo, 'kind' | 'functionName' | 'className' | 'file' | 'firstLine' | 'hidden'> & {
  readonly line: number;
};

interface NamedStack {
  readonly walker: Walker;
  readonly namer: StackNamer;
  readonly builder: SessionBuilder;
  readonly stack: StackIndex;
  readonly frames: readonly Named[];
}

function name(open: OpenTarget): NamedStack {
  const { reader, instructions } = open;
  const builder = new SessionBuilder();
  const namer = new StackNamer(builder, reader, new CCallees(reader, instructions, new CallSource('', '/')));
  // Code objects keep the numbers of the session that they were first named for.
  const walker = walkerOf({ ...open, codes: new CodeCache(reader, instructions) }, open.main.threadState);
  expect(walker.sample(true)).toBe(true);
  const stack = namer.stackOf(walker);
  return { namer, walker, builder, stack, frames: framesOf(builder, stack) };
}

function framesOf(builder: SessionBuilder, stack: StackIndex): readonly Named[] {
  const { frames, stacks } = builder.finish({} as SessionMeta);
  const named: Named[] = [];
  for (let at = stack as number; at >= 0; at = stacks.parent[at] as number) {
    named.push({ ...(frames[stacks.frame[at] as number] as FrameInfo), line: stacks.line[at] as number });
  }
  return named.reverse();
}

describeEachPython('a stack', (python) => {
  const shared = sharedTarget(python, program);

  test('has the classes that define its methods', () => {
    const { frames } = name(shared.open);
    const isSaid = python.minor >= 11;
    const expected: readonly (readonly [string, string | null])[] = [
      ['<module>', null],
      ['main', null],
      ['method', 'Base'],
      ['in_cell', 'Base'],
      ['inner', null],
      ['overridden', 'Derived'],
      ['overridden', 'Base'],
      ['attribute', 'Base'],
      ['made', 'Base'],
      // Code objects say it since 3.11; before, it is found by the first argument.
      ['static', isSaid ? 'Base' : null],
      ['wrapper', null],
      ['decorated', isSaid ? 'Base' : 'Derived'],
      ['last', 'Derived'],
      ['shown', 'Derived'],
      ['deeper', 'Inner'],
      ['as_function', isSaid ? null : 'Inner'],
      ['no_argument', null],
      ['read', null],
    ];
    expect(frames.map(({ functionName, className }) => [functionName, className])).toEqual(expected);
  });

  test('has its places, and hides what asks for it', () => {
    const { frames } = name(shared.open);
    const { file } = shared.target;
    const lineOf = (text: string): number => program.split('\n').findIndex((line) => line.includes(text)) + 1;
    const module = frames[0];
    expect(module).toMatchObject({
      kind: 'python',
      file,
      firstLine: 1,
      line: program.split('\n').length - 1,
    });
    expect(frames.find(({ functionName }) => functionName === 'shown')).toMatchObject({
      ...{ file, hidden: false, firstLine: lineOf('def shown'), line: lineOf('Base.Inner()') },
    });
    const hidden = frames.filter(({ hidden }) => hidden).map(({ functionName }) => functionName);
    expect(hidden).toEqual(['last']);
    expect(frames.at(-1)).toMatchObject({ kind: 'builtin', file: '<built-in>', firstLine: 0, line: -1 });
  });

  test('is the same number when it is met again, and nothing is added for it', () => {
    const { namer, walker, builder, stack } = name(shared.open);
    const before = builder.finish({} as SessionMeta);
    expect(namer.stackOf(walker)).toBe(stack);
    expect(builder.finish({} as SessionMeta)).toEqual(before);
  });

  test('stands on another one, from any of its frames on', () => {
    const { namer, walker, builder, stack } = name(shared.open);
    const upper = namer.stackOf(walker, stack, 2);
    const names = framesOf(builder, upper).map(({ functionName }) => functionName);
    expect(names.slice(0, 2)).toEqual(['<module>', 'main']);
    expect(names.slice(17, 20)).toEqual(['read', 'method', 'in_cell']);
  });

  test('has an outermost entry, on which time without samples stands', () => {
    const { namer, builder, stack } = name(shared.open);
    const outermost = namer.outermost(stack);
    expect(builder.parentOf(outermost)).toBe(noStack);
    expect(
      framesOf(builder, namer.notSampled(outermost)).map(({ functionName, kind }) => [functionName, kind]),
    ).toEqual([
      ['<module>', 'python'],
      ['[not sampled]', 'not-sampled'],
    ]);
    expect(namer.outermost(noStack)).toBe(noStack);
  });
});
