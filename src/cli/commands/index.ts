/** Which subcommands are there? The one list behind the dispatch and the help. */
import type { Subcommand } from './subcommand.ts';

/** All subcommands, in the order of the help. */
export const subcommands: readonly Subcommand[] = [];
