/** What stands at the top of a Markdown report: what was recorded, how well, and how to read it? */
import type { ProcessInfo, Session, SessionMeta } from '../session/session.ts';
import { formatFixed } from './fixed-point.ts';
import { code } from './markdown-text.ts';
import { unicodeGlyphs } from './style.ts';
import { intervalText, qualityLines, recorderTitle } from './text-header.ts';

/**
 * A title, then a list of facts.
 * @param process whose runtime to name
 */
export function drawSummary({ meta }: Session, process: ProcessInfo | undefined): string[] {
  const facts = [
    `Duration: ${formatFixed(meta.duration, 3)} s of wall-clock time`,
    `CPU time: ${formatFixed(meta.cpuTime, 3)} s${cpuShare(meta)}`,
    `Samples: ${meta.sampleCount}${intervalText(meta, unicodeGlyphs)}`,
    `Recorded: ${utcTime(meta.startTime)} by ${code(recorderTitle(meta, process, unicodeGlyphs))}`,
    ...qualityLines(meta, unicodeGlyphs),
    ...meta.notes.map((note) => `Note: ${code(note)}`),
  ];
  return [`# ${code(meta.description)}`, facts.map((fact) => `- ${fact}`).join('\n')];
}

/** Of one processor; several can be busy at once. */
function cpuShare({ cpuTime, duration }: SessionMeta): string {
  return duration > 0 ? ` (${formatFixed((cpuTime / duration) * 100, 0)} % of the duration)` : '';
}

function utcTime(unixSeconds: number): string {
  const date = new Date(Math.floor(unixSeconds) * 1000);
  return unixSeconds <= 0 || Number.isNaN(date.getTime())
    ? 'at an unknown time'
    : date.toISOString().replace('.000Z', 'Z');
}

/** What the numbers and marks of the report mean. */
export function howToRead({ timeline }: { readonly timeline: boolean }): string {
  const order = timeline ? 'in the order of time' : 'longest first';
  return [
    'How to read this: times are seconds of wall-clock time, waiting included. *Self* is time in a function itself, *total*',
    'also in what it called; a call within another call of the same function counts once. In the call tree, a line is a',
    `function with its total time, below its caller, ${order}; \`[self]\` is the caller's own part.`,
    '`[N frames hidden]` stands for library code in between, `[recursion, N deep]` for a function that calls itself.',
  ].join('\n');
}
