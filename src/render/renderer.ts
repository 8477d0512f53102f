/** What is a report format? One interface that text, json and all others share. */
import type { Session } from '../session/session.ts';
import { checkOptions, type OptionTable, type OptionValues } from './options.ts';

/** Gives the text of a source file, or undefined where there is none to be had. */
export type SourceReader = (file: string) => string | undefined;

/** What a report may use besides the session. */
export interface RenderContext {
  /** Without it, reports show no source lines. */
  readonly readSource?: SourceReader;
  /** Gives the empty page. Without it, there are no html reports. */
  readonly pageTemplate?: () => string;
}

/** Option values as the user gave them, by name. */
export type RenderOptions = Readonly<Record<string, unknown>>;

/** A report format. */
export interface Renderer {
  /** What `-r` calls it. */
  readonly name: string;
  /** Other names that `-r` takes. */
  readonly aliases: readonly string[];
  /** Ends of file names that mean this format, with their dot, in lower case; the first is what new files get. */
  readonly extensions: readonly string[];
  /** Whether `render` gives bytes that a terminal cannot show. */
  readonly isBinary: boolean;
  /** For the help: what it is good for, in a few words. */
  readonly summary: string;
  /** What `-p` may set. */
  readonly options: OptionTable;
  /**
   * Says before anything is recorded whether `render` would take these options.
   * @throws TimesinkError USAGE
   */
  check(options: RenderOptions): void;
  /**
   * The whole report: text that ends with a newline where the format has lines, or bytes.
   * @throws TimesinkError USAGE as `check` does
   */
  render(session: Session, options?: RenderOptions, context?: RenderContext): string | Uint8Array;
}

/** What a format says of itself; the rest of a {@link Renderer} follows from it. */
export interface RendererSpec<Options extends OptionTable>
  extends Pick<Renderer, 'name' | 'aliases' | 'extensions' | 'isBinary' | 'summary'> {
  readonly options: Options;
  /** Where two right values do not fit together. Throws TimesinkError USAGE. */
  readonly checkTogether?: (values: OptionValues<Options>) => void;
  readonly run: (session: Session, values: OptionValues<Options>, context: RenderContext) => string | Uint8Array;
}

/** Makes a renderer whose options are checked against its table. */
export function defineRenderer<Options extends OptionTable>(spec: RendererSpec<Options>): Renderer {
  const { checkTogether, run, ...facts } = spec;
  const checked = (options: RenderOptions): OptionValues<Options> => {
    const values = checkOptions(spec.options, options, spec.name);
    checkTogether?.(values);
    return values;
  };
  return {
    ...facts,
    check: (options) => void checked(options),
    render: (session, options = {}, context = {}) => run(session, checked(options), context),
  };
}
