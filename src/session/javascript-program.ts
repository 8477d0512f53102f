/** Which package is the program itself, where a command of a package was recorded? */
import type { ProcessInfo, Session } from './session.ts';

/** With less than this share of the time, files outside of packages are only what configures the program. */
const leastShare = 0.02;

/** The innermost package that a file is in. */
const packageFolder = /^.*[/\\]node_modules[/\\](?:@[^/\\]+[/\\])?[^/\\]+(?=[/\\])/;

/** Files of a disk or the web, as opposed to `node:fs`, `wasm:…`, `<eval>`. */
const anyFile = /^(?:[/\\.]|[A-Za-z]:[/\\]|https?:|[\w@-]+[/\\])/;

/**
 * Names, as the `sysPrefixes` of each process of JavaScript, the folder of the package that its time began in, such as that
 * of `tsc` or `eslint`, unless the process ran code of its own outside of packages: without that, all of such a program
 * would count as library code.
 */
export function withProgramPackages(session: Session): Session {
  if (!session.frames.some(({ kind }) => kind === 'javascript')) return session;
  const stacks = describeStacks(session);
  const processes = session.processes.map((process, index): ProcessInfo => {
    const folder = programPackage(session, index, stacks);
    return folder === null ? process : { ...process, sysPrefixes: [folder] };
  });
  return { ...session, processes };
}

interface DescribedStacks {
  /** By stack: whether a file outside of packages is in it. */
  readonly hasOwn: Uint8Array;
  /** By stack: the package of its outermost frame that is in one. */
  readonly outermost: readonly (string | null)[];
}

function describeStacks({ frames, stacks }: Session): DescribedStacks {
  const folders = frames.map(({ kind, file }) =>
    kind === 'javascript' ? (packageFolder.exec(file ?? '')?.[0] ?? null) : null,
  );
  const isOwn = frames.map(
    ({ kind, file }, frame) => kind === 'javascript' && folders[frame] === null && anyFile.test(file ?? ''),
  );
  const hasOwn = new Uint8Array(stacks.parent.length);
  const outermost: (string | null)[] = [];
  for (let stack = 0; stack < hasOwn.length; stack++) {
    const [below, frame] = [stacks.parent[stack] as number, stacks.frame[stack] as number];
    hasOwn[stack] = isOwn[frame] || hasOwn[below] === 1 ? 1 : 0;
    outermost.push(outermost[below] ?? folders[frame] ?? null);
  }
  return { hasOwn, outermost };
}

function programPackage({ threads }: Session, process: number, { hasOwn, outermost }: DescribedStacks): string | null {
  const seconds = new Map<string, number>();
  let [own, all] = [0, 0];
  for (const thread of threads) {
    if (thread.process !== process) continue;
    thread.stack.forEach((stack, row) => {
      const weight = thread.weight[row] as number;
      const folder = outermost[stack] ?? null;
      if (hasOwn[stack] === 1) own += weight;
      if (hasOwn[stack] === 1 || folder !== null) all += weight;
      if (folder !== null) seconds.set(folder, (seconds.get(folder) ?? 0) + weight);
    });
  }
  if (own >= leastShare * all) return null;
  return [...seconds].reduce<readonly [string | null, number]>(
    (most, entry) => (entry[1] > most[1] ? entry : most),
    [null, 0],
  )[0];
}
