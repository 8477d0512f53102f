/** At which line was each sample? V8 says how often each line of a node was met, not when. */
import type { V8Profile } from './cpuprofile-profile.ts';
import type { NamedFrame } from './javascript-frames.ts';

/**
 * The line of each sample, counted from 1; −1 where unknown. Where a profile knows lines by node only, each line has as many
 * of the node's samples as it was met, spread evenly over time: nothing is known of their order. Lines that are not the
 * function's own, which V8 counts for functions it has inlined, stay unknown.
 * @param frames by node; undefined for the root
 */
export function linesOfSamples(profile: V8Profile, frames: readonly (NamedFrame | undefined)[]): Int32Array {
  const { samples, sampleLines } = profile;
  if (sampleLines !== null) return sampleLines.map((line, sample) => lineAt(frames[samples[sample] as number], line));
  const lines = new Int32Array(samples.length).fill(-1);
  for (const [node, own] of samplesByNode(profile)) {
    const ticks = ticksByLine(profile, node, frames[node]);
    spread(ticks, own.length).forEach((line, position) => {
      lines[own[position] as number] = line;
    });
  }
  return lines;
}

function lineAt(frame: NamedFrame | undefined, line: number): number {
  return frame === undefined || line <= 0 ? -1 : frame.lineOf(line);
}

/** Samples of the nodes that have lines, in the order of time. */
function samplesByNode({ samples, nodes }: V8Profile): ReadonlyMap<number, readonly number[]> {
  const byNode = new Map<number, number[]>();
  samples.forEach((node, sample) => {
    if (nodes[node]?.lines.length === 0) return;
    const own = byNode.get(node);
    if (own === undefined) byNode.set(node, [sample]);
    else own.push(sample);
  });
  return byNode;
}

/** Ticks by line of the source. */
function ticksByLine({ nodes }: V8Profile, node: number, frame: NamedFrame | undefined): ReadonlyMap<number, number> {
  const ticks = new Map<number, number>();
  for (const { line, ticks: count } of nodes[node]?.lines ?? []) {
    const own = lineAt(frame, line);
    ticks.set(own, (ticks.get(own) ?? 0) + count);
  }
  return ticks;
}

/** `count` lines in an even mixture: so many of each as its share of all ticks, rounded so that they add up. */
function spread(ticks: ReadonlyMap<number, number>, count: number): readonly number[] {
  const total = [...ticks.values()].reduce((sum, own) => sum + own, 0);
  if (total === 0) return [];
  const entries: { readonly line: number; readonly at: number }[] = [];
  let [before, taken] = [0, 0];
  for (const [line, own] of ticks) {
    before += own;
    const until = Math.min(count, Math.round((before / total) * count));
    const share = until - taken;
    for (let number = 0; number < share; number++) entries.push({ line, at: (number + 0.5) / share });
    taken = until;
  }
  return entries.sort((a, b) => a.at - b.at).map(({ line }) => line);
}
