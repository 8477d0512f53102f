import { expect, test } from 'vitest';
import { describeEachPython } from '../../../../test/support/pythons.ts';
import { sharedTarget } from '../../../../test/support/target.ts';
import type { Address } from '../../memory/process-memory.ts';
import type { ObjectReader } from './objects.ts';

/** Prints the addresses of objects by name, and keeps them. */
const program = `
import decimal, json, sys, threading

class Plain:
    def __init__(self):
        self.one = 'eins'
        self.two = 'zwei'
class WithDict(Plain):
    def __init__(self):
        super().__init__()
        self.__dict__['three'] = 'drei'
class Many:
    def __init__(self):
        for n in range(100): setattr(self, 'a%d' % n, 'v%d' % n)
class Slotted:
    __slots__ = ('one',)
class OfList(list): pass
class OfDict(dict): pass
subclassed = OfList('xy')
subclassed.name = 'list'
of_dict = OfDict(key='value')
of_dict.name = 'dict'

deleted = {'one': '1', 'two': '2', 'three': '3'}
del deleted['two']
unset = Plain()
del unset.one
objects = {
    'empty': '', 'ascii': 'plain text', 'latin1': 'größe', 'ucs2': 'λ変数', 'ucs4': 'a𝔘z',
    'surrogate': 'x\\ud800y', 'zero_inside': 'a\\0b', 'long': 'ä' * 5000,
    'zero': 0, 'one': 1, 'small': 255, 'digit': 2**30 - 1, 'two_digits': 2**30, 'ident': 140000000000123, 'most': 2**60 - 1,
    'too_large': 2**60, 'negative': -5, 'true': True,
    'bytes': b'\\x00\\x01\\xff', 'no_bytes': b'',
    'tuple': ('one', 'two'), 'no_tuple': (), 'list': ['one', 'two', 'three'], 'no_list': [],
    'dict': {'one': '1', 'two': '2'}, 'no_dict': {}, 'mixed': {'one': '1', 2: 'two', (): 'three'}, 'deleted': deleted,
    'large': {'k%d' % n: 'v%d' % n for n in range(300)}, 'larger': {'k%d' % n: 'v%d' % n for n in range(70000)},
    'plain': Plain(), 'with_dict': WithDict(), 'many': Many(), 'slotted': Slotted(), 'unset': unset,
    'subclassed': subclassed, 'of_dict': of_dict, 'function': (lambda: 1), 'module': json, 'decimal': decimal.Decimal(1),
}
objects['function'].name = 'function'
objects['with_dict'].__dict__
print(json.dumps({name: id(value) for name, value in objects.items()}), flush=True)
sys.stdin.read()
`;

describeEachPython('objects', (python) => {
  const shared = sharedTarget(python, program);
  const start = (): { readonly reader: ObjectReader; readonly at: (name: string) => Address } => {
    const addresses = JSON.parse(shared.line) as Readonly<Record<string, number>>;
    return { reader: shared.open.reader, at: (name) => addresses[name] ?? 0 };
  };

  test('strings of every width', () => {
    const { reader, at } = start();
    const text = (name: string) => reader.string(at(name));
    expect(text('empty')).toBe('');
    expect(text('ascii')).toBe('plain text');
    expect(text('latin1')).toBe('größe');
    expect(text('ucs2')).toBe('λ変数');
    expect(text('ucs4')).toBe('a𝔘z');
    expect(text('zero_inside')).toBe('a\0b');
    expect(text('surrogate')?.length).toBe(3);
    expect(text('long')).toBe('ä'.repeat(4096));
  });

  test('what is no string is none', () => {
    const { reader, at } = start();
    for (const name of ['dict', 'list', 'plain', 'decimal']) expect(reader.string(at(name))).toBeUndefined();
    for (const address of [0, at('ascii') + 1, 0x7fff_ffff_fff0]) expect(reader.string(address)).toBeUndefined();
  });

  test('integers below 2^60', () => {
    const { reader, at } = start();
    const values = ['zero', 'one', 'small', 'digit', 'two_digits', 'ident', 'true'].map((name) =>
      reader.integer(at(name)),
    );
    expect(values).toEqual([0, 1, 255, 2 ** 30 - 1, 2 ** 30, 140000000000123, 1]);
    expect(reader.integer(at('most'))).toBe(2 ** 60 - 1);
    for (const name of ['too_large', 'negative']) expect(reader.integer(at(name))).toBeUndefined();
    expect(reader.integer(0)).toBeUndefined();
  });

  test('bytes up to a length', () => {
    const { reader, at } = start();
    expect(reader.bytes(at('bytes'), 3)).toEqual(Uint8Array.of(0, 1, 255));
    expect(reader.bytes(at('bytes'), 2)).toBeUndefined();
    expect(reader.bytes(at('no_bytes'), 0)).toEqual(new Uint8Array(0));
  });

  test('tuples and lists', () => {
    const { reader, at } = start();
    const texts = (items: readonly Address[]) => items.map((item) => reader.string(item));
    expect(texts(reader.tuple(at('tuple')))).toEqual(['one', 'two']);
    expect(texts(reader.list(at('list')))).toEqual(['one', 'two', 'three']);
    expect([reader.tuple(at('no_tuple')), reader.list(at('no_list')), reader.list(0)]).toEqual([[], [], []]);
  });

  test('dicts, in their order, with the keys that are strings', () => {
    const { reader, at } = start();
    const entries = (name: string) => [...reader.dict(at(name))].map(([key, value]) => [key, reader.string(value)]);
    expect(entries('dict')).toEqual([
      ['one', '1'],
      ['two', '2'],
    ]);
    expect(entries('no_dict')).toEqual([]);
    expect(entries('mixed')).toEqual([['one', '1']]);
    expect(entries('deleted')).toEqual([
      ['one', '1'],
      ['three', '3'],
    ]);
    expect(entries('of_dict')).toEqual([['key', 'value']]);
    expect(entries('large')).toEqual(Array.from({ length: 300 }, (_, n) => [`k${n}`, `v${n}`]));
    // More is not looked at.
    expect(entries('larger').length).toBe(20_000);
    expect([...reader.dictEntries(at('mixed'))].length).toBe(3);
  });

  test('attributes, wherever the version keeps them', () => {
    const { reader, at } = start();
    const attributes = (name: string) =>
      Object.fromEntries([...reader.attributes(at(name))].map(([key, value]) => [key, reader.string(value)]));
    expect(attributes('plain')).toEqual({ one: 'eins', two: 'zwei' });
    expect(attributes('with_dict')).toEqual({ one: 'eins', two: 'zwei', three: 'drei' });
    expect(attributes('many')).toEqual(Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`a${n}`, `v${n}`])));
    expect(attributes('unset')).toEqual({ two: 'zwei' });
    expect(attributes('subclassed')).toEqual({ name: 'list' });
    expect(attributes('of_dict')).toEqual({ name: 'dict' });
    expect(attributes('function')).toEqual({ name: 'function' });
    expect([attributes('slotted'), attributes('one'), attributes('dict')]).toEqual([{}, {}, {}]);
  });

  test('types by name', () => {
    const { reader, at } = start();
    const types = ['ascii', 'true', 'plain', 'decimal', 'module'].map((name) => reader.shortTypeName(at(name)));
    expect(types).toEqual(['str', 'bool', 'Plain', 'Decimal', 'module']);
    expect(reader.typeName(reader.typeOf(at('decimal')))).toBe('decimal.Decimal');
    expect([reader.typeOf(0), reader.typeName(0), reader.shortTypeName(8)]).toEqual([0, undefined, undefined]);
  });
});
