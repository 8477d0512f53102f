/** Which subcommands are there? The one list behind the dispatch and the help. */
import { attachCommand } from './attach.ts';
import { diffCommand } from './diff.ts';
import { listCommand } from './list.ts';
import { mergeCommand } from './merge.ts';
import type { Subcommand } from './subcommand.ts';
import { viewCommand } from './view.ts';

/** All subcommands, in the order of the help. */
export const subcommands: readonly Subcommand[] = [attachCommand, viewCommand, listCommand, diffCommand, mergeCommand];
