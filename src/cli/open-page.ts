/** How does a page get from a run to a browser? A terminal cannot show it, so it is saved and opened. */
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import type { Environment } from '../capture/launch/interpreter.ts';
import { findProgram } from '../capture/launch/search-path.ts';
import { keepInTemporaryFolder, type Output } from './output.ts';

/** A place for pages, in front of a terminal: a new file in the temporary folder, which is opened and named on the terminal. */
export function browserOutput(terminal: Output, environment: Environment): Output {
  return {
    ...terminal,
    write(page) {
      const path = keepInTemporaryFolder(page, '.html');
      const command = browserCommand(pathToFileURL(path).href, environment, process.platform);
      if (command !== undefined) start(command);
      terminal.write(`The page is in ${path}${command === undefined ? '' : ', and is being opened'}.\n`);
    },
  };
}

/** What systems have for opening addresses, on a screen. */
const openers: readonly (readonly string[])[] = [['xdg-open'], ['gio', 'open'], ['x-www-browser']];

/**
 * The command that opens an address: of `$BROWSER` (names with `:` between, `%s` for the address, as Python's `webbrowser`
 * and Debian's `sensible-browser` read it) the first one that exists, else what the system has for it. Undefined where there
 * is no screen to open it on.
 */
export function browserCommand(
  address: string,
  environment: Environment,
  platform: NodeJS.Platform,
): readonly string[] | undefined {
  const named = namedBrowser(address, environment);
  if (named !== undefined) return named;
  if (platform === 'darwin') return ['open', address];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', address];
  const hasScreen = isSet(environment, 'DISPLAY') || isSet(environment, 'WAYLAND_DISPLAY');
  const opener = hasScreen ? openers.find((words) => isThere(words, environment)) : undefined;
  return opener === undefined ? undefined : [...opener, address];
}

/**
 * Whether whoever sits at this terminal has a browser that we can open. Over SSH a screen may be far away, so that only
 * `$BROWSER` counts there.
 */
export function hasBrowser(environment: Environment, platform: NodeJS.Platform): boolean {
  if (namedBrowser('', environment) !== undefined) return true;
  const isRemote = ['SSH_CONNECTION', 'SSH_CLIENT', 'SSH_TTY'].some((name) => isSet(environment, name));
  return !isRemote && browserCommand('', environment, platform) !== undefined;
}

/** The first of `$BROWSER` that exists. */
function namedBrowser(address: string, environment: Environment): readonly string[] | undefined {
  const entries = (environment['BROWSER'] ?? '').split(':').filter((entry) => entry.trim() !== '');
  const commands = entries.map((entry) => withAddress(entry.trim().split(/\s+/), address));
  return commands.find((words) => isThere(words, environment));
}

function isThere([program = '']: readonly string[], environment: Environment): boolean {
  return findProgram(program, environment['PATH']).kind === 'found';
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '') !== '';
}

function withAddress(words: readonly string[], address: string): readonly string[] {
  const replaced = words.map((word) => word.replaceAll('%s', () => address));
  return words.some((word) => word.includes('%s')) ? replaced : [...words, address];
}

/** Goes on without us; whatever the browser says is not for this terminal. */
function start([program = '', ...words]: readonly string[]): void {
  const browser = spawn(program, words, { detached: true, stdio: 'ignore' });
  // That it cannot be started is no loss: the terminal says where the page is.
  browser.on('error', () => {});
  browser.unref();
}
