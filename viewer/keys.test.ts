import { expect, test } from 'vitest';
import { commandFor, type KeyPress, keyLabel, keyTable } from './keys.ts';

const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  ...{ key, code: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false },
  ...more,
});

test('no key means two things in one place', () => {
  const places = keyTable.flatMap(({ keys, scope }) => keys.map((key) => `${scope} ${key}`));
  expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
});

test('what a key means depends on where it is pressed', () => {
  expect(commandFor(press('d', { code: 'KeyD' }), 'rows')).toBe('drop-function');
  expect(commandFor(press('d', { code: 'KeyD' }), 'canvas')).toBe('pan-right');
  expect(commandFor(press('d', { code: 'KeyD' }), 'page')).toBeUndefined();
  expect(commandFor(press('f', { code: 'KeyF' }), 'canvas')).toBe('focus-function');
  expect(commandFor(press('ArrowDown'), 'page')).toBeUndefined();
});

test('keys that are meant by their place work on every keyboard', () => {
  expect(commandFor(press('z', { code: 'KeyW' }), 'canvas')).toBe('zoom-in');
});

test('keys with Ctrl, and browsers’ own chords', () => {
  expect(commandFor(press('f', { ctrlKey: true }), 'page')).toBe('search');
  expect(commandFor(press('c', { metaKey: true }), 'page')).toBe('copy');
  expect(commandFor(press('r', { ctrlKey: true }), 'page')).toBeUndefined();
  expect(commandFor(press('ArrowLeft', { altKey: true }), 'rows')).toBeUndefined();
});

test('capitals are keys of their own', () => {
  expect(commandFor(press('F', { shiftKey: true }), 'page')).toBe('focus-subtree');
  expect(commandFor(press(' '), 'rows')).toBe('toggle');
});

test('buttons show keys as keyboards do', () => {
  expect(keyLabel('zoom-in')).toBe('w');
  expect(keyLabel('undo')).toBe('⌫');
  expect(keyLabel('search')).toBe('/');
});
