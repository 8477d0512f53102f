/** What does this command line ask for? */
import { Command, CommanderError } from 'commander';
import type { Program } from '../capture/launch/program.ts';
import { TimesinkError } from '../util/errors.ts';
import { helpText } from './help.ts';
import { type CliOptions, optionTable } from './options.ts';
import { splitArguments } from './split-arguments.ts';

/** One thing to do. */
export type Request =
  | { readonly kind: 'print'; readonly text: string; readonly exitCode: number }
  | { readonly kind: 'run'; readonly program: Program; readonly options: CliOptions }
  | { readonly kind: 'load'; readonly file: string; readonly options: CliOptions };

/**
 * Understands the words after `timesink`.
 * @throws TimesinkError `USAGE`
 */
export function parseRequest(words: readonly string[], versionText: string): Request {
  const { options: ownWords, program } = splitArguments(words, optionTable);
  if (ownWords.includes('--version')) return { kind: 'print', text: versionText, exitCode: 0 };
  if (ownWords.includes('--help')) return { kind: 'print', text: helpText(optionTable), exitCode: 0 };

  const options = parseOptions(ownWords);
  if (options.load === undefined) {
    if (program === undefined) return { kind: 'print', text: helpText(optionTable), exitCode: 2 };
    return { kind: 'run', program, options };
  }
  if (program !== undefined) {
    throw new TimesinkError('USAGE', 'give either --load or a program to run, not both', {
      hint: '--load only shows a saved recording.',
    });
  }
  return { kind: 'load', file: options.load, options };
}

function parseOptions(words: readonly string[]): CliOptions {
  const command = new Command('timesink')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const option of optionTable) command.addOption(option);
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? usageError(error) : error;
  }
  return readOptions(command.opts());
}

function usageError(error: CommanderError): TimesinkError {
  const [message = '', ...hint] = error.message.replace(/^error: /, '').split('\n');
  return new TimesinkError('USAGE', message, {
    hint: hint.join(' ').replace(/^\((.*)\)$/, '$1') || 'See timesink --help.',
  });
}

/** Commander's record of options, typed. */
function readOptions(values: Record<string, unknown>): CliOptions {
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
