/** How is a command started so that it waits for a word from us first, and finds its environment untouched? */

import type { OriginalBytes } from './exact-bytes.ts';
import type { Environment } from './interpreter.ts';

/** What to spawn: a shell that waits for a line on `controlDescriptor`, then becomes the command. */
export interface Stub {
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Environment;
}

/** Variables that shells set on their own: without care the command would find them added. */
const addedByShells = ['PWD', 'OLDPWD', 'SHLVL', '_'];

/**
 * Variables that must not reach the shell: it would change their values (dash, bash and busybox differ in which), obey
 * them, or complain about them, as bash does about an unknown locale.
 */
const keptFromShell =
  /^(PWD|OLDPWD|SHLVL|_|REPLY|IFS|OPT(IND|ARG|ERR)|PPID|E?UID|GROUPS|LINENO|S?RANDOM|SECONDS|EPOCH\w+|HIST\w*|DIRSTACK|FUNCNAME|PIPESTATUS|SHELLOPTS|BASH\w*|COMP_\w+|MAPFILE|TMOUT|POSIXLY_CORRECT|ENV|PS[0-4]|LANG|LANGUAGE|LC_\w+|TEXTDOMAIN\w*)$/;

/** Shells silently drop variables with any other name. */
const shellName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * The shell that becomes `argv` when it has read a line, and goes away when `controlDescriptor` ends without one. Values that
 * a shell does not hand on faithfully travel as arguments of `env`; all others, above all secrets, stay out of argument
 * lists, which other users can read.
 * @param openFiles soft limit of open files to set, if any
 */
export function stubFor(
  argv: readonly string[],
  environment: Environment,
  controlDescriptor: number,
  bytes: OriginalBytes,
  openFiles: number | undefined,
): Stub {
  const plain: Record<string, string> = {};
  const assignments: Buffer[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined) continue;
    const exact = bytes.variable(name, value);
    if (shellName.test(name) && !keptFromShell.test(name) && isUtf8(exact)) plain[name] = value;
    else assignments.push(Buffer.concat([Buffer.from(`${name}=`), exact]));
  }
  const unset = addedByShells.filter((name) => environment[name] === undefined).flatMap((name) => ['-u', name]);

  const words = [
    ...['/usr/bin/env', ...unset, '--'].map((word) => Buffer.from(word)),
    ...assignments,
    // `env` takes a word with an equals sign for an assignment; `nice` does not.
    ...(argv[0]?.includes('=') ? ['nice', '-n', '0'] : []).map((word) => Buffer.from(word)),
    ...bytes.commandLine(argv),
  ];
  const positional: string[] = [];
  const parts = words.map((word) => {
    if (!isUtf8(word)) return shellLiteral(word);
    positional.push(word.toString());
    return `"\${${positional.length}}"`;
  });
  const command = positional.length === parts.length ? '"$@"' : parts.join(' ');
  const limit = openFiles === undefined ? '' : `ulimit -S -n ${openFiles}; `;
  const script = `${limit}read -r REPLY <&${controlDescriptor} || exit; exec ${controlDescriptor}<&-; exec ${command}`;
  return { file: '/bin/sh', args: ['-c', script, 'timesink-start', ...positional], environment: plain };
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes);
}

/** Shell source, in ASCII, for a word of any bytes. */
function shellLiteral(word: Buffer): string {
  return word
    .toString('latin1')
    .replace(/[\x80-\xff]+|[^\x80-\xff]+/g, (run) =>
      run.charCodeAt(0) < 0x80 ? `'${run.replaceAll("'", `'\\''`)}'` : `"$(printf '${octal(run)}')"`,
    );
}

function octal(run: string): string {
  return [...run].map((character) => `\\${character.charCodeAt(0).toString(8)}`).join('');
}
