/**
 * What can be typed? The one table of options behind parsing, help, settings files, and the cut between timesink's words and
 * the program's.
 */
import { Option } from 'commander';
import { pythonRegex, regexProblem } from '../render/python-regex.ts';
import { type Seconds, seconds } from '../session/units.ts';
import { TimesinkError } from '../util/errors.ts';

/** Of `--async`. */
export type AsyncChoice = 'off' | 'on' | 'full';

const asyncChoices: readonly AsyncChoice[] = ['off', 'on', 'full'];

/** What the options say, apart from the program to run. Undefined stands for "not given". */
export interface CliOptions {
  readonly interval: Seconds;
  /** What is shown instead of an idle event loop: nothing, awaits, or also what callbacks were waited for. */
  readonly async: AsyncChoice;
  readonly targetDescription: string | undefined;
  readonly useTimingThread: boolean;
  readonly timeline: boolean;
  readonly outfile: string | undefined;
  readonly renderer: string | undefined;
  /** Each `-p` as typed, in order. */
  readonly renderOption: readonly string[];
  readonly hide: string | undefined;
  readonly hideRegex: string | undefined;
  readonly show: string | undefined;
  readonly showRegex: string | undefined;
  readonly showAll: boolean;
  readonly threads: boolean;
  readonly subprocesses: boolean;
  readonly thread: readonly string[];
  readonly process: readonly string[];
  readonly from: Seconds | undefined;
  readonly to: Seconds | undefined;
  readonly color: boolean | undefined;
  readonly unicode: boolean | undefined;
  /** Whether a page carries source text. */
  readonly source: boolean | undefined;
  readonly load: string | undefined;
  /** True: the newest. */
  readonly loadPrev: string | true | undefined;
  readonly python: string | undefined;
  readonly node: string | undefined;
  readonly nodeOptions: string | undefined;
  readonly debug: boolean;
  /**
   * Those of the above that a settings file says, not the command line: a report format passes over what it does not know.
   * Its `renderOption` is not part of the one above.
   */
  readonly configured: GivenOptions;
}

/** What one source of options says. */
export type GivenOptions = { readonly [Name in Exclude<keyof CliOptions, 'configured'>]?: CliOptions[Name] } & {
  /** Stands for the renderer `html`, and wins over another one. */
  readonly html?: boolean;
};

/** Bounds of `-i`. Below the lower one the reading itself takes longer than the interval. */
export const intervalRange: { readonly min: Seconds; readonly max: Seconds } = {
  min: seconds(50e-6),
  max: seconds(60),
};

const option = (group: string, flags: string, help: string): Option => new Option(flags, help).helpGroup(group);

const collect = (value: string, previous: readonly string[] | undefined): readonly string[] => [
  ...(previous ?? []),
  value,
];

/** What a report shows, how and where: for recordings new and saved. */
const reportOptions: readonly Option[] = [
  option('Report', '-r, --renderer <format>', 'one of those below, or ./FILE.ts, your own'),
  option('Report', '--html', 'as -r html: for command lines of pyinstrument').hideHelp(),
  option('Report', '-o, --outfile <file>', 'file for it; its name tells the format'),
  option('Report', '-p, --render-option <name=value>', 'an option of the format; may be repeated').argParser(collect),
  option('Report', '-t, --timeline', 'in order of time, repeated calls not added up'),
  option('Report', '--color', 'colours; otherwise on terminals'),
  option('Report', '--no-color', ''),
  option('Report', '--unicode', 'lines or ASCII; otherwise as the locale says'),
  option('Report', '--no-unicode', ''),
  option('Report', '--source', 'html with source text, or without; it is with'),
  option('Report', '--no-source', ''),
  option('Report', '--target-description <text>', 'title; {args} is the command line'),
  option('What to show', '--show-all', 'hide no library code, imports, small times'),
  option('What to show', '--show <glob>', 'show code by file path, even of libraries'),
  option('What to show', '--hide <glob>', 'hide it as if it were of a library'),
  option('What to show', '--show-regex <regex>', 'the same by regular expression,').argParser(checkPattern),
  option('What to show', '--hide-regex <regex>', 'which the path must begin with').argParser(checkPattern),
  option('What to show', '--threads', 'all threads, also those that waited'),
  option('What to show', '--subprocesses', 'all processes that the program started'),
  option('What to show', '--thread <name|id>', 'only this thread; may be repeated').argParser(collect),
  option('What to show', '--process <name|id>', 'only this process; may be repeated').argParser(collect),
  option('What to show', '--from <seconds>', 'only from then on, counted from the start').argParser(parseMoment),
  option('What to show', '--to <seconds>', 'only until then').argParser(parseMoment),
];

/** How to record, for programs started and running. */
export const recordingOptions: readonly Option[] = [
  option('Recording', '-i, --interval <seconds>', 'time between samples; 0.001, least 0.00005').argParser(
    parseInterval,
  ),
  option('Recording', '--async <on|off|full>', 'awaits instead of an idle event loop; on').argParser(parseAsync),
];

const otherOptions: readonly Option[] = [
  option('Other', '--debug', 'show where in timesink an error comes from'),
  option('Other', '-h, --help', 'print this help'),
];

/**
 * Every option, in the order of the help. Those that name a program (`-m`, `-c`, `--from-path`) are interpreted where the
 * command line is cut, in `splitArguments`.
 */
export const optionTable: readonly Option[] = [
  option('What to run', '-m <module>', 'a module; all words after it are its own'),
  option('What to run', '-c <code>', 'Python code; all words after it are its own'),
  option('What to run', '--from-path', 'look for the script on PATH'),
  option('What to run', '--python <path>', 'the Python for it; see the last lines'),
  option('What to run', '--node <path>', 'the Node.js for it'),
  option('What to run', '--node-options <text>', 'options for it, in one word: "--a --b=1"'),
  option('What to run', '--load <file>', 'nothing: show a saved recording'),
  option('What to run', '--load-prev [id]', 'nothing: show the newest run, or this one'),
  ...recordingOptions,
  option('Recording', '--use-timing-thread', 'no effect: for command lines of pyinstrument').hideHelp(),
  ...reportOptions,
  ...otherOptions,
  option('Other', '--version', 'print the version'),
];

/** The options of `view`. */
export const viewOptions: readonly Option[] = reportOptions;

/** Options of every subcommand. */
export const commonOptions: readonly Option[] = otherOptions;

/** Of each group, only one may be given. */
export const exclusiveOptions: readonly (readonly (keyof GivenOptions)[])[] = [
  ['hide', 'hideRegex'],
  ['show', 'showRegex', 'showAll'],
];

/**
 * All options, with their defaults.
 * @param typed on the command line: wins
 * @param configured in a settings file
 * @throws TimesinkError `USAGE` for options that do not fit together
 */
export function settleOptions(typed: GivenOptions, configured: GivenOptions = {}): CliOptions {
  const given = withRenderer(typed);
  checkExclusive(given);
  const inForce = withoutOverridden(configured, given);
  const values: GivenOptions = { ...inForce, ...given };
  if (values.from !== undefined && values.to !== undefined && values.from >= values.to) {
    throw new TimesinkError('USAGE', `there is nothing from ${values.from} s to ${values.to} s`, {
      hint: 'Give --from a smaller number than --to.',
    });
  }
  return {
    interval: values.interval ?? seconds(0.001),
    async: values.async ?? 'on',
    targetDescription: values.targetDescription,
    useTimingThread: values.useTimingThread ?? false,
    timeline: values.timeline ?? false,
    outfile: values.outfile,
    renderer: values.renderer,
    renderOption: given.renderOption ?? [],
    hide: values.hide,
    hideRegex: values.hideRegex,
    show: values.show,
    showRegex: values.showRegex,
    showAll: values.showAll ?? false,
    threads: values.threads ?? false,
    subprocesses: values.subprocesses ?? false,
    thread: values.thread ?? [],
    process: values.process ?? [],
    from: values.from,
    to: values.to,
    color: values.color,
    unicode: values.unicode,
    source: values.source,
    load: values.load,
    loadPrev: values.loadPrev,
    python: values.python,
    node: values.node,
    nodeOptions: values.nodeOptions,
    debug: values.debug ?? false,
    configured: inForce,
  };
}

/** Whether `-r` names a file rather than one of our formats. */
export function isRendererPath(name: string): boolean {
  return /[/\\]|\.[cm]?[jt]s$/.test(name);
}

/** Whether `-r` names a class in a module of Python, such as `package.module.Class`; a file comes first. */
export function isPythonClass(name: string): boolean {
  return /^[\p{ID_Start}_]\p{ID_Continue}*(\.[\p{ID_Start}_]\p{ID_Continue}*)+$/u.test(name);
}

/** With what `--html` stands for. */
function withRenderer({ html, ...given }: GivenOptions): GivenOptions {
  return html === true ? { ...given, renderer: 'html' } : given;
}

/** @throws TimesinkError `USAGE` */
export function checkExclusive(given: GivenOptions): void {
  for (const group of exclusiveOptions) {
    const names = group.filter((name) => given[name] !== undefined && given[name] !== false);
    if (names.length < 2) continue;
    throw new TimesinkError('USAGE', `the options ${names.map(longName).join(' and ')} exclude each other`, {
      hint: 'Give only one of them.',
    });
  }
}

/** A name of {@link GivenOptions} as it is typed. */
function longName(name: string): string {
  return optionTable.find((entry) => entry.long !== undefined && entry.attributeName() === name)?.long ?? name;
}

/** Without what the command line says itself, or says the opposite of. */
function withoutOverridden(configured: GivenOptions, given: GivenOptions): GivenOptions {
  const overridden = new Set<string>(Object.keys(given));
  for (const group of exclusiveOptions) {
    if (group.some((name) => given[name] !== undefined)) for (const name of group) overridden.add(name);
  }
  overridden.delete('renderOption');
  return Object.fromEntries(Object.entries(configured).filter(([name]) => !overridden.has(name)));
}

function parseInterval(text: string): Seconds {
  const value = parseNumber(text);
  if (value >= intervalRange.min && value <= intervalRange.max) return seconds(value);
  const wrong = Number.isNaN(value) ? 'is not a number' : 'is out of range';
  throw new TimesinkError('USAGE', `the interval ${JSON.stringify(text)} ${wrong}`, {
    hint: `-i takes seconds from ${intervalRange.min.toFixed(5)} (50 µs) to ${intervalRange.max}; the default is 0.001.`,
  });
}

function parseAsync(text: string): AsyncChoice {
  const choice = asyncChoices.find((name) => name === text);
  if (choice !== undefined) return choice;
  throw new TimesinkError('USAGE', `--async is on, off or full, not ${JSON.stringify(text)}`);
}

function parseMoment(text: string): Seconds {
  const value = parseNumber(text);
  if (value >= 0 && Number.isFinite(value)) return seconds(value);
  throw new TimesinkError('USAGE', `the time ${JSON.stringify(text)} is not a number of seconds`, {
    hint: '--from and --to take seconds from the start of the recording, such as 2.5.',
  });
}

/** The text as it is: the report makes a regular expression of it. */
function checkPattern(text: string): string {
  try {
    pythonRegex(text);
    return text;
  } catch (cause) {
    throw new TimesinkError('USAGE', `the pattern must be a regular expression, not ${JSON.stringify(text)}`, {
      hint: regexProblem(cause),
      cause,
    });
  }
}

function parseNumber(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}
