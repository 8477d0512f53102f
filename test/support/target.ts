/** How can a test look into a real Python? Starts one on a small program and opens its memory as the recorder does. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { ProcessMemory } from '../../src/capture/memory/process-memory.ts';
import { CodeCache } from '../../src/capture/python/code/code-cache.ts';
import type { Instructions } from '../../src/capture/python/code/instructions.ts';
import type { Layout } from '../../src/capture/python/objects/layout.ts';
import { ObjectReader } from '../../src/capture/python/objects/objects.ts';
import { loadReading } from '../../src/capture/python/reading.ts';
import { findRuntime } from '../../src/capture/python/runtime/find-runtime.ts';
import { listInterpreters, listThreads, type PythonThread } from '../../src/capture/python/runtime/threads.ts';
import { DataStackWalker } from '../../src/capture/python/walk/data-stack-walker.ts';
import { FrameObjectWalker } from '../../src/capture/python/walk/frame-object-walker.ts';
import type { Pid } from '../../src/session/ids.ts';
import type { Python } from './pythons.ts';

/** A running Python. It ends with the test that started it. */
export interface Target {
  readonly pid: Pid;
  readonly child: ChildProcess;
  /** The file that the program was written to. */
  readonly file: string;
  /** The next line that the program prints. */
  line(): Promise<string>;
  /** Gives the program a line on its standard input. */
  say(text: string): void;
}

/** Where to leave what is to be done when it is over. */
type OnEnd = (end: () => void) => void;

/** Runs `program`, saved as a file. Only to be called inside a test, unless `onEnd` is given. */
export function startTarget(python: Python, program: string, onEnd: OnEnd = onTestFinished): Target {
  const folder = mkdtempSync(join(tmpdir(), 'timesink-target-'));
  const file = join(folder, 'program.py');
  writeFileSync(file, program);
  const child = spawn(python.path, [file], { stdio: ['pipe', 'pipe', 'inherit'], cwd: folder });
  onEnd(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  const lines = new LineQueue(child);
  return {
    pid: child.pid as Pid,
    child,
    file,
    line: () => lines.next(),
    say: (text) => child.stdin?.write(`${text}\n`),
  };
}

/** Lines of a child's output, in order, for one reader. */
class LineQueue {
  readonly #lines: string[] = [];
  #rest = '';
  #ended: Error | undefined;
  #wake: () => void = () => {};

  constructor(child: ChildProcess) {
    child.stdout?.setEncoding('utf8').on('data', (piece: string) => {
      const lines = (this.#rest + piece).split('\n');
      this.#rest = lines.pop() as string;
      this.#lines.push(...lines);
      this.#wake();
    });
    child.once('close', (code, signal) => {
      this.#ended = new Error(`the program has ended (${code ?? signal}) without another line`);
      this.#wake();
    });
  }

  async next(): Promise<string> {
    while (this.#lines.length === 0) {
      if (this.#ended) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#lines.shift() as string;
  }
}

/** Lets a few ms pass. */
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Resolves once the main thread waits for standard input, which it will until it is spoken to. */
export async function waitsForInput({ pid }: Target): Promise<void> {
  // The system call `read` (x86-64, arm64) of descriptor 0.
  while (!/^(0|63) 0x0 /.test(readFileSync(`/proc/${pid}/syscall`, 'latin1'))) await pause(1);
}

/** Stops every thread of a process. Returns when they stand still. */
export function stopTarget({ pid }: Target): void {
  process.kill(pid, 'SIGSTOP');
  for (const tid of readdirSync(`/proc/${pid}/task`)) {
    while (!/\) [TZX]/.test(readFileSync(`/proc/${pid}/task/${tid}/stat`, 'latin1')));
  }
}

export function continueTarget({ pid }: Target): void {
  process.kill(pid, 'SIGCONT');
}

/** What the recorder opens of a process. */
export interface OpenTarget {
  readonly memory: ProcessMemory;
  readonly layout: Layout;
  readonly instructions: Instructions;
  readonly runtime: number;
  readonly reader: ObjectReader;
  readonly codes: CodeCache;
  readonly main: PythonThread;
  /** Walks the main thread. */
  readonly walker: DataStackWalker | FrameObjectWalker;
}

/** Opens a target that runs Python already. @param memory what to read it through */
export async function openTarget(
  target: Target,
  memory: ProcessMemory = new ProcessMemory(target.pid),
  onEnd: OnEnd = onTestFinished,
): Promise<OpenTarget> {
  onEnd(() => memory.close());
  const found = findRuntime(target.pid);
  if (found.kind !== 'found') throw new Error(`the target cannot be read: ${found.kind}`);
  const { layout, instructions } = await loadReading(found);
  const runtime = found.runtimeAddress;
  const reader = new ObjectReader(memory, layout);
  const threads = listThreads(reader, listInterpreters(reader, runtime));
  const main = threads.find(({ tid }) => (tid as number) === (target.pid as number));
  if (main === undefined) throw new Error('the target has no main thread');
  const codes = new CodeCache(reader, instructions);
  const parts = { memory, layout, instructions, runtime, reader, codes, main };
  return { ...parts, walker: walkerOf(parts, main.threadState) };
}

/**
 * One target for all tests of a `describe`: started before the first, and opened once it has printed a line and waits for
 * input. What is given stays undefined until then.
 */
export function sharedTarget(python: Python, program: string): { line: string; open: OpenTarget; target: Target } {
  const ends: (() => void)[] = [];
  const shared = {} as ReturnType<typeof sharedTarget>;
  beforeAll(async () => {
    shared.target = startTarget(python, program, (end) => ends.push(end));
    shared.line = await shared.target.line();
    await waitsForInput(shared.target);
    shared.open = await openTarget(shared.target, undefined, (end) => ends.push(end));
  });
  afterAll(() => {
    for (const end of ends) end();
  });
  return shared;
}

/** The walker that a version needs. */
export function walkerOf(
  { layout, reader, instructions, codes }: Pick<OpenTarget, 'layout' | 'reader' | 'instructions' | 'codes'>,
  threadState: number,
): DataStackWalker | FrameObjectWalker {
  const Walk = layout.minor >= 11 ? DataStackWalker : FrameObjectWalker;
  return new Walk(reader, instructions, codes, threadState);
}

/** A frame as a program tells it about itself. */
export interface ToldFrame {
  readonly name: string;
  readonly file: string;
  readonly line: number;
}

/** The frames of the walker's last sample, outermost first; a line is -1 where it is not known. */
export function framesOf(walker: OpenTarget['walker']): readonly ToldFrame[] {
  return walker.frames.slice(0, walker.depth).flatMap(({ code, rawUnit }) => {
    if (code === undefined || code.isTrampoline) return [];
    const line = rawUnit < 0 ? -1 : (code.lines[rawUnit] as number);
    return [{ name: code.name, file: code.file, line: line < 0 ? code.firstLine : line }];
  });
}

/**
 * Python source: `tell(frame)` prints the stack from `frame` down, outermost first, as a line of JSON for
 * {@link toldFrames}; `block()` then waits for a line of input.
 */
export const tellProgram = `
import json, os, sys

def tell(frame):
    stack = []
    while frame is not None:
        stack.append([frame.f_code.co_name, frame.f_code.co_filename, frame.f_lineno])
        frame = frame.f_back
    print(json.dumps(stack[::-1]), flush=True)

def block():
    tell(sys._getframe()); os.read(0, 100)

`;

/** The stack that `tell` printed. */
export function toldFrames(line: string): readonly ToldFrame[] {
  return (JSON.parse(line) as [string, string, number][]).map(([name, file, line]) => ({ name, file, line }));
}
