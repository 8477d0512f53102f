/** What do options in long form say? Commander checks and converts them. */
import { Command, CommanderError, type Option } from 'commander';
import { TimesinkError } from '../util/errors.ts';

/**
 * Values by name in camel case; those not given are absent.
 * @param words as `--name` or `--name=value`
 * @param hint what to do about an unknown option for which none of a similar name is known
 * @throws TimesinkError `USAGE`
 */
export function parseOptions(
  words: readonly string[],
  table: readonly Option[],
  hint: string,
): Readonly<Record<string, unknown>> {
  const command = new Command('timesink')
    .helpOption(false)
    .exitOverride()
    .configureOutput({ writeErr: () => {} });
  for (const option of table) command.addOption(option);
  try {
    command.parse(words, { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? usageError(error, hint) : error;
  }
  return command.opts();
}

function usageError(error: CommanderError, otherHint: string): TimesinkError {
  const [message = '', ...hint] = error.message.replace(/^error: /, '').split('\n');
  return new TimesinkError('USAGE', message, { hint: hint.join(' ').replace(/^\((.*)\)$/, '$1') || otherHint });
}
