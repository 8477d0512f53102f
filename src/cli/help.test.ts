import { expect, test } from 'vitest';
import { renderers } from '../render/registry.ts';
import { subcommands } from './commands/index.ts';
import { helpText, subcommandHelp } from './help.ts';
import { optionTable } from './options.ts';

const helps: readonly (readonly [name: string, text: string])[] = [
  ['timesink', helpText()],
  ...subcommands.map((subcommand) => [subcommand.name, subcommandHelp(subcommand)] as const),
];

test.each(helps)('the help of %s is at most 80 columns wide', (_, text) => {
  expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  expect(text).toMatch(/[^\n]\n$/);
  expect(text).not.toMatch(/ $/m);
});

test('the help fits two screens, names every format and explains the report', () => {
  const text = helpText();
  expect(text.split('\n').length).toBeLessThanOrEqual(2 * 38);
  const formats = /\nFormats\n((?: .*\n)+)/.exec(text)?.[1];
  for (const { name } of renderers) expect(formats).toContain(name);
  for (const term of ['[self]', 'frames hidden', 'Hottest lines', 'red', 'yellow', '<built-in>'])
    expect(text).toContain(term);
});

test('every option and subcommand stands in the help', () => {
  const text = helpText();
  for (const { long, hidden } of optionTable) if (long !== undefined && !hidden) expect(text).toContain(`${long}`);
  for (const { name, usage, summary } of subcommands) {
    expect(text).toMatch(new RegExp(`^ {2}timesink ${name}${usage === '' ? '' : ' …'} +${summary}$`, 'm'));
  }
});

test('the help of view tells what each format is good for, and its options', () => {
  const view = subcommands.find(({ name }) => name === 'view');
  const text = view === undefined ? '' : subcommandHelp(view);
  const words = text.replace(/\s+/g, ' ');
  for (const { name, summary } of renderers) expect(words).toContain(` ${name} ${summary} `);
  expect(text).toContain('processor_options.filter_threshold');
  expect(text).not.toContain('--python');
});
