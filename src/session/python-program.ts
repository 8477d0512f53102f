/** Which package is the program itself, where a command of a Python package was recorded? */
import { libraryOf } from './library-folders.ts';
import { type FrameInfo, type ProcessInfo, type Session, threadState } from './session.ts';

/** With less than this share of the time, files outside of packages are only what starts or configures the program. */
const leastShare = 0.02;

/** Modules of the standard library that lead to what is run: a module, a thread, what another process asks for. */
const leadingModules = /\/(?:(?:runpy|threading)\.py|multiprocessing|concurrent)$/;

/**
 * Where a recording has (nearly) no Python code outside of packages, adds to the `sysPrefixes` of each process the package
 * that its main thread began in, such as that of `python -m pip` or of the command `black`: without that, all of such a
 * program would count as library code. Of what the interpreter brings along (`python -m http.server`), it is the module.
 */
export function withProgramModules(session: Session): Session {
  const known = new Map<string, DescribedStacks>();
  const stacksOf = (process: ProcessInfo): DescribedStacks => {
    const key = JSON.stringify([process.sysPrefixes, isWorker(process)]);
    const stacks = known.get(key) ?? describeStacks(session, process);
    known.set(key, stacks);
    return stacks;
  };
  if (hasOwnCode(session, stacksOf)) return session;
  const processes = session.processes.map((process, index): ProcessInfo => {
    const program = process.runtime === 'python' ? programModule(session, index, stacksOf(process)) : null;
    return program === null ? process : { ...process, sysPrefixes: [...process.sysPrefixes, program] };
  });
  return { ...session, processes };
}

interface DescribedStacks {
  /** By stack: whether code outside of packages is in it. */
  readonly hasOwn: Uint8Array;
  /** By stack: the package of its outermost frame that is in one. */
  readonly outermost: readonly (string | null)[];
}

function describeStacks({ frames, stacks }: Session, process: ProcessInfo): DescribedStacks {
  const owners = frames.map((frame) => ownerOf(frame, process));
  const packages = frames.map(({ kind, file }) => {
    const library = kind === 'python' && file !== null ? libraryOf(file) : null;
    return library === null || leadingModules.test(library) ? null : library;
  });
  const takesText = !isWorker(process);
  const hasOwn = new Uint8Array(stacks.parent.length);
  const outermost: (string | null)[] = [];
  for (let stack = 0; stack < hasOwn.length; stack++) {
    const [below, frame] = [stacks.parent[stack] as number, stacks.frame[stack] as number];
    // Text that was given to the interpreter, not what some library makes up for itself.
    const isProgramText = owners[frame] === 'text' && below < 0 && takesText;
    hasOwn[stack] = owners[frame] === 'program' || isProgramText || hasOwn[below] === 1 ? 1 : 0;
    outermost.push(outermost[below] ?? packages[frame] ?? null);
  }
  return { hasOwn, outermost };
}

/** Whose code it is; `text`: it has no file, as what is given to `-c` or `exec`. */
function ownerOf({ kind, file, functionName }: FrameInfo, process: ProcessInfo): 'program' | 'library' | 'text' {
  if (kind !== 'python' || file === null || file === '' || libraryOf(file) !== null) return 'library';
  if (file.startsWith('<')) {
    if (file.startsWith('<ipython-input-')) return 'program';
    return file === '<string>' || file === '<stdin>' || file.startsWith('<python-input-') ? 'text' : 'library';
  }
  return isInstalledCommand(file, functionName, process) ? 'library' : 'program';
}

/** What installers write into `bin`: of an environment (perhaps named from where it is), or the few lines for a user or all. */
function isInstalledCommand(file: string, functionName: string, { sysPrefixes }: ProcessInfo): boolean {
  const [, folder] = /^(.+)\/bin\/[^/]+$/.exec(file) ?? [];
  if (folder === undefined) return false;
  if (folder === '/usr/local' || folder.endsWith('/.local')) return functionName === '<module>';
  const typed = folder.replace(/^(?:\.{1,2}\/)+/, '');
  return sysPrefixes.some((prefix) => prefix === folder || prefix.endsWith(`/${typed}`));
}

/** A process of `multiprocessing`: the text that it is given is not the program's. */
function isWorker({ command }: ProcessInfo): boolean {
  return command.some((word) => word.startsWith('from multiprocessing.'));
}

function hasOwnCode({ threads, processes }: Session, stacksOf: (process: ProcessInfo) => DescribedStacks): boolean {
  let [own, all, ownCpu, allCpu] = [0, 0, 0, 0];
  for (const thread of threads) {
    const process = processes[thread.process];
    if (process?.runtime !== 'python') continue;
    const { hasOwn } = stacksOf(process);
    thread.stack.forEach((stack, row) => {
      if (stack < 0) return;
      const weight = thread.weight[row] as number;
      const cpu = (thread.state[row] as number) & threadState.onCpu ? weight : 0;
      all += weight;
      allCpu += cpu;
      if (hasOwn[stack] !== 1) return;
      own += weight;
      ownCpu += cpu;
    });
  }
  // A server waits in its package for most of the time; what it works on is its program.
  return own >= leastShare * all || (ownCpu > 0 && ownCpu >= leastShare * allCpu);
}

function programModule({ threads }: Session, process: number, { outermost }: DescribedStacks): string | null {
  const seconds = new Map<string, number>();
  for (const thread of threads) {
    if (thread.process !== process || !thread.isMain) continue;
    thread.stack.forEach((stack, row) => {
      const name = outermost[stack] ?? null;
      if (name !== null) seconds.set(name, (seconds.get(name) ?? 0) + (thread.weight[row] as number));
    });
  }
  return [...seconds].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
