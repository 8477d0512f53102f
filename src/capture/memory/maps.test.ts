import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseMaps } from './maps.ts';

const text = `00400000-00401000 r--p 00000000 08:01 1835027                            /usr/bin/python3.11
00401000-00402000 r-xp 00001000 08:01 1835027                            /usr/bin/python3.11
7f2000000000-7f2000021000 rw-p 00000000 00:00 0 
7f2000021000-7f2000022000 r--p 7fffffff000 fe:10 12 /a dir/with  blanks.so
7f2000022000-7f2000023000 r--p 00000000 08:01 13                         /opt/libpython3.13.so.1.0 (deleted)
7f2000023000-7f2000024000 rw-s 00000000 00:01 1024                       /memfd:a\\012b (deleted)
7ffc12345000-7ffc12366000 rw-p 00000000 00:00 0                          [stack]
ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]
`;

test('takes the columns of each line apart', () => {
  expect(parseMaps(text)[1]).toEqual({
    start: 0x401000,
    end: 0x402000,
    permissions: 'r-xp',
    offset: 0x1000,
    device: '08:01',
    inode: 1835027,
    path: '/usr/bin/python3.11',
    deleted: false,
  });
});

test('reads names with blanks, deleted files, escaped newlines and no name at all', () => {
  expect(parseMaps(text).map(({ path, deleted }) => [path, deleted])).toEqual([
    ['/usr/bin/python3.11', false],
    ['/usr/bin/python3.11', false],
    ['', false],
    ['/a dir/with  blanks.so', false],
    ['/opt/libpython3.13.so.1.0', true],
    ['/memfd:a\nb', true],
    ['[stack]', false],
  ]);
});

test('leaves out what is no mapping, and addresses that a number cannot hold', () => {
  const lines = [
    '',
    'x',
    '1-2',
    '1000-0 r--p 0 0:0 0',
    '0-1000 r-p 0 0:0 0',
    'g-h r--p 00 00:00 0',
    '1-2 r--p 0 0:0 x',
  ];
  expect(parseMaps(lines.join('\n'))).toEqual([]);
  expect(parseMaps(text).map(({ path }) => path)).not.toContain('[vsyscall]');
});

test('reads the last line without a newline, and a text that is cut anywhere', () => {
  const whole = parseMaps(text);
  expect(parseMaps(text.slice(0, text.indexOf('\n')))).toEqual(whole.slice(0, 1));
  for (let end = 0; end < text.length; end++) expect(parseMaps(text.slice(0, end)).length).toBeLessThanOrEqual(8);
});

test('agrees with itself on this very process', () => {
  const own = readFileSync('/proc/self/maps', 'utf8');
  const mappings = parseMaps(own);
  expect(mappings.length).toBe(
    own
      .trimEnd()
      .split('\n')
      .filter((line) => !line.endsWith('[vsyscall]')).length,
  );
  expect(mappings.some(({ path }) => path === process.execPath)).toBe(true);
  for (const [index, { start, end }] of mappings.entries()) {
    expect(end).toBeGreaterThan(start);
    expect(start).toBeGreaterThanOrEqual(mappings[index - 1]?.end ?? 0);
  }
});

test('reads a hundred thousand lines', () => {
  const line = '7f2000021000-7f2000022000 r--p 00000000 08:01 12 /lib/x.so\n';
  expect(parseMaps(line.repeat(100_000))).toHaveLength(100_000);
});

test('never throws', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(text.length), (noise, at) => {
      for (const mapping of parseMaps(text.slice(0, at) + noise + text.slice(at))) {
        expect(mapping.end).toBeGreaterThan(mapping.start);
        expect(Number.isSafeInteger(mapping.start) && Number.isSafeInteger(mapping.offset)).toBe(true);
      }
    }),
  );
});
