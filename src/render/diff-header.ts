/** What stands above a comparison: what is compared, how long each took, and how far that can be trusted? */
import type { ProcessInfo, Session } from '../session/session.ts';
import { relativePercent, withSign } from './diff-numbers.ts';
import type { ComparedSession } from './diff-renderer.ts';
import { formatFixed } from './fixed-point.ts';
import type { Glyphs } from './style.ts';
import { escapeControls } from './terminal-text.ts';
import { drawHeader, exporterName } from './text-header.ts';

/** The two texts, or the one where they are equal. */
export function fromTo(before: string, after: string, glyphs: Glyphs): string {
  return before === after ? after : `${before} ${arrow(glyphs)} ${after}`;
}

/** Between what was before and what is after. */
export function arrow({ separator }: Glyphs): string {
  return separator === '-' ? '->' : '→';
}

/** The lines above the trees, without the empty one after them. */
export function drawDiffHeader(before: ComparedSession, after: ComparedSession, glyphs: Glyphs): string[] {
  const names = [before.name, after.name].map(escapeControls);
  const width = Math.max(...names.map((name) => name.length));
  const facts = [before, after].map(({ session }) => drawHeader(session, session.processes[0], glyphs));
  const line = (side: string, index: 0 | 1): string =>
    `${side} ${(names[index] ?? '').padEnd(width)}   ${facts[index]?.[1] ?? ''}`;
  const remarks = (side: string, index: 0 | 1): string[] =>
    (facts[index] ?? []).slice(2).map((remark) => `${side} ${remark}`);
  const description = fromTo(before.session.meta.description, after.session.meta.description, glyphs);
  const [runtime, later] = [before, after].map(({ session }) => runtimeOf(session.processes[0]));
  return [
    `${exporterName} ${glyphs.separator} difference`,
    line('Before:', 0),
    line('After: ', 1),
    ...remarks('Before:', 0),
    ...remarks('After: ', 1),
    '',
    escapeControls(description),
    ...(runtime === undefined || later === undefined || runtime === later
      ? []
      : [escapeControls(fromTo(runtime, later, glyphs))]),
    '',
    `Duration: ${durationChange(before.session, after.session, glyphs)}`,
  ];
}

/** `1.204 s → 1.634 s   +0.430 s   +36 %   slower`. */
export function durationChange(before: Session, after: Session, glyphs: Glyphs): string {
  const [from, to] = [before.meta.duration, after.meta.duration];
  const change = withSign(formatFixed(to - from, 3));
  const word = change.startsWith('+') ? 'slower' : change.startsWith('-') ? 'faster' : 'the same';
  const parts = [
    `${formatFixed(from, 3)} s ${arrow(glyphs)} ${formatFixed(to, 3)} s`,
    `${change} s`,
    relativePercent(from, to),
    word,
  ];
  return parts.filter((part) => part !== '').join('   ');
}

/** Undefined where the recording does not say. */
function runtimeOf(process: ProcessInfo | undefined): string | undefined {
  if (process === undefined || process.runtimeVersion === '') return undefined;
  return `${process.runtime} ${process.runtimeVersion}`;
}
