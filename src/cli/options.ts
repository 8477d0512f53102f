/** What can be typed: the one table of options behind parsing, help, and the cut between timesink's words and the program's. */
import { Option } from 'commander';
import { type Seconds, seconds } from '../session/units.ts';
import { TimesinkError } from '../util/errors.ts';

/** What the options say, apart from the program to run. Undefined stands for "not given". */
export interface CliOptions {
  readonly interval: Seconds;
  readonly timeline: boolean;
  readonly outfile: string | undefined;
  readonly renderer: string | undefined;
  /** Each `-p` as typed, in order. */
  readonly renderOption: readonly string[];
  readonly showAll: boolean;
  readonly threads: boolean;
  readonly subprocesses: boolean;
  readonly color: boolean | undefined;
  readonly unicode: boolean | undefined;
  readonly load: string | undefined;
  readonly python: string | undefined;
  readonly debug: boolean;
}

/** Bounds of `-i`. Below the lower one the reading itself takes longer than the interval. */
export const intervalRange: { readonly min: Seconds; readonly max: Seconds } = {
  min: seconds(50e-6),
  max: seconds(60),
};

const option = (group: string, flags: string, help: string): Option => new Option(flags, help).helpGroup(group);

/**
 * Every option, in the order of the help. Those that name a program (`-m`, `-c`, `--from-path`) are interpreted where the
 * command line is cut, in `splitArguments`.
 */
export const optionTable: readonly Option[] = [
  option('What to run', '-m <module>', 'a module; all words after it are its own'),
  option('What to run', '-c <code>', 'Python code; all words after it are its own'),
  option('What to run', '--from-path', 'look for the script on PATH'),
  option('What to run', '--python <path>', 'the Python for it; see the last lines'),
  option('What to run', '--load <file>', 'nothing: show a saved recording'),
  option('Recording', '-i, --interval <seconds>', 'time between samples; 0.001, least 0.00005')
    .default(seconds(0.001))
    .argParser(parseInterval),
  option('Report', '-r, --renderer <format>', 'text, json, pyisession or timesink; see -o'),
  option('Report', '-o, --outfile <file>', 'file for the report; its name tells the format'),
  option('Report', '-t, --timeline', 'in order of time, repeated calls not added up'),
  option('Report', '--show-all', 'hide no library code, imports, small times'),
  option('Report', '--threads', 'show all threads, also those that waited'),
  option('Report', '--subprocesses', 'show all processes that the program started'),
  option('Report', '--color', 'colours; otherwise on terminals'),
  option('Report', '--no-color', ''),
  option('Report', '--unicode', 'lines or ASCII; otherwise as the locale says'),
  option('Report', '--no-unicode', ''),
  option('Report', '-p, --render-option <name=value>', 'an option of the format; may be repeated')
    .default([])
    .argParser((value, previous: readonly string[]) => [...previous, value]),
  option('Other', '--debug', 'show where in timesink an error comes from'),
  option('Other', '--version', 'print the version'),
  option('Other', '-h, --help', 'print this help'),
];

/** Commander's record of options, typed. */
export function readOptions(values: Readonly<Record<string, unknown>>): CliOptions {
  const given = values as Partial<CliOptions>;
  return {
    interval: given.interval as CliOptions['interval'],
    timeline: given.timeline ?? false,
    outfile: given.outfile,
    renderer: given.renderer,
    renderOption: given.renderOption ?? [],
    showAll: given.showAll ?? false,
    threads: given.threads ?? false,
    subprocesses: given.subprocesses ?? false,
    color: given.color,
    unicode: given.unicode,
    load: given.load,
    python: given.python,
    debug: given.debug ?? false,
  };
}

function parseInterval(text: string): Seconds {
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  if (value >= intervalRange.min && value <= intervalRange.max) return seconds(value);
  const wrong = Number.isNaN(value) ? 'is not a number' : 'is out of range';
  throw new TimesinkError('USAGE', `the interval ${JSON.stringify(text)} ${wrong}`, {
    hint: `-i takes seconds from ${intervalRange.min.toFixed(5)} (50 µs) to ${intervalRange.max}; the default is 0.001.`,
  });
}
