/** What is a subcommand, such as `timesink view`? One interface that all of them share. */
import type { Option } from 'commander';
import type { Environment } from '../../capture/launch/interpreter.ts';

/** The surroundings of a subcommand. */
export interface SubcommandContext {
  readonly environment: Environment;
  /** Tells the user about a failure that does not end the command. */
  readonly warn: (error: unknown) => void;
}

/** Values of options by name in camel case, as commander names them: `--render-option` is `renderOption`. */
export type SubcommandValues = Readonly<Record<string, unknown>>;

/**
 * A word that, as the first on the command line, asks for something other than running a program. The file of a
 * subcommand is loaded at every start: what only `run` needs, it imports when it runs.
 */
export interface Subcommand {
  readonly name: string;
  /** For the help, in a few words. */
  readonly summary: string;
  /** What follows the name, such as `[options] FILE…`. */
  readonly usage: string;
  /** `--help` and `--debug` are added to these. */
  readonly options: readonly Option[];
  /** Lines for the end of its own help, each ended by a newline. */
  readonly explanation?: string;
  /**
   * Results go out through `deliver` (`../deliver.ts`), files come in through `readSessionFile` (`../session-file.ts`).
   * @param words what is no option, in order; options may stand before, between and after them
   * @throws TimesinkError
   */
  run(words: readonly string[], values: SubcommandValues, context: SubcommandContext): Promise<void>;
}
