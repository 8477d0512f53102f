/** What does a project's file say about timesink, if anything? */
import { basename } from 'node:path';
import { TimesinkError } from '../util/errors.ts';

/**
 * The section for timesink; undefined where there is none. A file that does not mention timesink need not be right.
 * @throws TimesinkError `USAGE`, naming file and line
 */
export async function readSection(text: string, file: string): Promise<unknown> {
  if (!text.includes('timesink')) return undefined;
  return basename(file) === 'package.json'
    ? member(parsePackage(text, file), 'timesink')
    : member(member(await parseToml(text, file), 'tool'), 'timesink');
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

async function parseToml(text: string, file: string): Promise<unknown> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    return parse(text, { maxDepth: 100 });
  } catch (cause) {
    if (!(cause instanceof TomlError)) throw cause;
    // The rest of the message draws the place.
    const [message = ''] = cause.message.replace(/^Invalid TOML document: /, '').split('\n');
    throw broken(file, cause.line, message, cause);
  }
}

function parsePackage(text: string, file: string): unknown {
  // As editors on Windows begin a file.
  const json = text.replace(/^\ufeff/, '');
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw broken(file, brokenLine(json), 'not valid JSON', cause);
  }
}

/** V8 does not always tell the place: it is the first line with which the text cannot be the beginning of anything right. */
function brokenLine(json: string): number {
  const lines = json.split('\n');
  let [right, wrong] = [0, lines.length];
  while (wrong - right > 1) {
    const middle = (right + wrong) >> 1;
    if (isBeginning(`${lines.slice(0, middle).join('\n')}\n`)) right = middle;
    else wrong = middle;
  }
  return wrong;
}

/** Whether the only thing wrong is that the text ends. */
function isBeginning(json: string): boolean {
  try {
    JSON.parse(json);
    return true;
  } catch (error) {
    const { message } = error as Error;
    const position = /at position (\d+)/.exec(message)?.[1];
    return /end of JSON input/.test(message) || (position !== undefined && Number(position) >= json.length);
  }
}

function broken(file: string, line: number, problem: string, cause: unknown): TimesinkError {
  return new TimesinkError('USAGE', `cannot read ${file}, line ${line}: ${problem}`, {
    hint: 'timesink looks there for its default options.',
    cause,
  });
}
