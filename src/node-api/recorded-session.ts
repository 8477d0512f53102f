/** What can a program do with what it recorded of itself? Print it, make reports of it, hand it on. */
import { sourceText } from '../capture/node/region/source-text.ts';
import { findRenderer } from '../formats.ts';
import type { OptionTable } from '../render/options.ts';
import type { RenderOptions } from '../render/renderer.ts';
import type { Session } from '../session/session.ts';

/** Options of a report format, by the names that `-p` has for them; `showAll` stands for `show_all`. */
export type ReportOptions = RenderOptions;

/** Where and how {@link RecordedSession.print} prints. */
export interface PrintOptions extends ReportOptions {
  /** Default: standard output. */
  readonly to?: { write(text: string): unknown; readonly isTTY?: boolean };
}

/** A recording of a part of this program. It is a {@link Session}, and goes wherever one goes. */
export class RecordedSession implements Session {
  readonly meta: Session['meta'];
  readonly frames: Session['frames'];
  readonly stacks: Session['stacks'];
  readonly processes: Session['processes'];
  readonly threads: Session['threads'];

  constructor({ meta, frames, stacks, processes, threads }: Session) {
    this.meta = meta;
    this.frames = frames;
    this.stacks = stacks;
    this.processes = processes;
    this.threads = threads;
  }

  /**
   * Prints the text report; in colour on terminals.
   * @throws TimesinkError USAGE for options that the format does not have
   */
  print({ to = process.stdout, ...options }: PrintOptions = {}): void {
    to.write(this.toText({ unicode: true, color: to.isTTY === true, ...options }));
  }

  /** The report that a person reads in a terminal. As all others: throws TimesinkError USAGE for wrong options. */
  toText(options: ReportOptions = {}): string {
    return this.#asText('text', { unicode: true, ...options });
  }

  /** The page, complete in one file. */
  toHtml(options: ReportOptions = {}): string {
    return this.#asText('html', options);
  }

  toMarkdown(options: ReportOptions = {}): string {
    return this.#asText('markdown', options);
  }

  /** The tree as JSON. */
  toJson(options: ReportOptions = {}): string {
    return this.#asText('json', options);
  }

  toSpeedscope(options: ReportOptions = {}): string {
    return this.#asText('speedscope', options);
  }

  /** A profile for Chrome DevTools. */
  toCpuprofile(options: ReportOptions = {}): string {
    return this.#asText('cpuprofile', options);
  }

  /** The bytes of a `.timesink` file. */
  toTimesink(): Uint8Array {
    return this.to('timesink') as Uint8Array;
  }

  /**
   * A report in any format.
   * @param format as `-r` calls it
   * @throws TimesinkError USAGE
   */
  to(format: string, options: ReportOptions = {}): string | Uint8Array {
    const renderer = findRenderer(format);
    const known = withThreshold(underscored(options), renderer.options, shareOfOwnTime(this));
    return renderer.render(this, known, { readSource: sourceText });
  }

  #asText(format: string, options: ReportOptions): string {
    const report = this.to(format, options);
    return typeof report === 'string' ? report : new TextDecoder().decode(report);
  }
}

/** Options have underscores in their names, as on the command line. */
function underscored(options: ReportOptions): ReportOptions {
  const rename = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [rename(name), value]));
}

/** Of a recording's time, the part in which the event loop was not busy with other work. */
function shareOfOwnTime({ threads, stacks, frames }: Session): number {
  let [own, all] = [0, 0];
  for (const { stack, weight } of threads) {
    weight.forEach((seconds, row) => {
      const frame = stacks.frame[stack[row] as number] as number;
      all += seconds;
      if (frames[frame]?.kind !== 'out-of-context') own += seconds;
    });
  }
  return all > 0 ? own / all : 1;
}

/** The least share that is shown is one of the recording's own time: however busy the others are, its work is seen. */
function withThreshold(options: ReportOptions, table: OptionTable, share: number): ReportOptions {
  const { processor_options: group } = table;
  const threshold = group?.kind === 'group' ? group.options['filter_threshold'] : undefined;
  const given = options['processor_options'] ?? {};
  if (threshold?.kind !== 'number' || typeof given !== 'object') return options;
  return { ...options, processor_options: { filter_threshold: threshold.default * share, ...given } };
}
