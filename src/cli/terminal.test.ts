import { expect, test } from 'vitest';
import { chooseAppearance, type OutputKind } from './terminal.ts';

const none = { color: undefined, unicode: undefined };

test.each<[OutputKind, Record<string, string>, boolean]>([
  ['terminal', {}, true],
  ['terminal', { TERM: 'dumb' }, false],
  ['terminal', { NO_COLOR: '1' }, false],
  ['terminal', { NO_COLOR: '' }, true],
  ['terminal', { FORCE_COLOR: '0' }, false],
  ['stream', {}, false],
  ['stream', { FORCE_COLOR: '1' }, true],
  ['stream', { FORCE_COLOR: '1', TERM: 'dumb' }, true],
  ['stream', { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
  ['stream', { FORCE_COLOR: '' }, false],
  ['file', {}, false],
  ['file', { FORCE_COLOR: '1' }, false],
])('colour on a %s with %j: %j', (output, environment, color) => {
  expect(chooseAppearance(none, output, environment).color).toBe(color);
  expect(chooseAppearance({ ...none, color: !color }, output, environment).color).toBe(!color);
});

test.each<[OutputKind, Record<string, string>, boolean]>([
  ['terminal', { LANG: 'en_GB.UTF-8' }, true],
  ['stream', { LC_CTYPE: 'C.utf8' }, true],
  ['terminal', { LC_ALL: 'C', LANG: 'en_GB.UTF-8' }, false],
  ['terminal', { LC_ALL: '', LC_CTYPE: '', LANG: 'de_DE.UTF-8' }, true],
  ['terminal', { LC_CTYPE: 'de_DE.ISO-8859-1', LANG: 'de_DE.UTF-8' }, false],
  ['terminal', {}, false],
  ['file', {}, true],
])('line drawing on a %s with %j: %j', (output, environment, unicode) => {
  expect(chooseAppearance(none, output, environment).unicode).toBe(unicode);
  expect(chooseAppearance({ ...none, unicode: !unicode }, output, environment).unicode).toBe(!unicode);
});
