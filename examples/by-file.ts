/** A report format of one's own, seconds by source file: `timesink -r ./examples/by-file.ts script.py`. */
import { type CustomRenderer, escapeControls, type Session } from 'timesink';

const options = { top: { kind: 'number', default: 10, help: 'how many files' } } as const;

/** The file of the innermost frame that has one: time in C functions belongs to the code that called them. */
function fileOf(session: Session, stack: number): string {
  for (let at = stack; at >= 0; at = session.stacks.parent[at] ?? -1) {
    const frame = session.frames[session.stacks.frame[at] ?? -1];
    if (frame?.kind === 'python' && frame.file !== null) return frame.file;
  }
  return '(no code)';
}

export default {
  summary: 'seconds by source file',
  options,
  run(session, { top }) {
    const seconds = new Map<string, number>();
    for (const thread of session.threads) {
      thread.stack.forEach((stack, row) => {
        const file = fileOf(session, stack);
        seconds.set(file, (seconds.get(file) ?? 0) + (thread.weight[row] ?? 0));
      });
    }
    return [...seconds]
      .sort(([, a], [, b]) => b - a)
      .slice(0, top)
      .map(([file, time]) => `${time.toFixed(3).padStart(9)}  ${escapeControls(file)}\n`)
      .join('');
  },
} satisfies CustomRenderer<typeof options>;
