import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CallSource, calleeOf, onlyCallee } from './call-source.ts';
import type { Code } from './code.ts';

describe('the callee of a call expression', () => {
  const named: Readonly<Record<string, string>> = {
    'sleep(1)': 'sleep',
    'time.sleep(1)': 'time.sleep',
    'a . b\n  .c(x)': 'a.b.c',
    'ünï.ćode(1)': 'ünï.ćode',
    'sorted(x, key=lambda a: a.b(c))': 'sorted',
    'sort(\n  (1),\n  [2]\n)': 'sort',
    "''.join(x)": 'join',
    'super().__init__(x)': '__init__',
    'rows[0].get(x)': 'get',
    "call('(', ')', '[')": 'call',
    'call("it\'s (", \'say "(\')': 'call',
    "call('it\\'s (', 1)": 'call',
    "call('\\\\')": 'call',
    'call("""a \' ( " """, 1)': 'call',
    "call(f'{inner(x)}')": 'call',
    'call(a,  # see other(\n  b)': 'call',
    "call(a,  # don't\n  b)": 'call',
    "call('# no comment', (1))": 'call',
  };
  for (const [call, callee] of Object.entries(named)) {
    test(JSON.stringify(call), () => expect(calleeOf(call)).toBe(callee));
  }

  test('has no name where it is no name', () => {
    for (const call of ['f(x)(y)', 'f[0](x)', '(a or b)(c)', '{}[a](b)']) expect(calleeOf(call)).toBeUndefined();
  });

  test('has no name where the text is no call', () => {
    for (const text of ['', 'f', 'f(', ')', '(]', 'f(]', "f('", "f('"]) expect(calleeOf(text)).toBeUndefined();
  });
});

describe('the one callee of a line', () => {
  const named: Readonly<Record<string, string>> = {
    '    time.sleep(1)': 'time.sleep',
    'x = load (a) + 1': 'load',
    'return len(x)': 'len',
    'if (a and b): go(x)': 'go',
    'if not(a) and go(x): pass': 'go',
    'for x in range(10):': 'range',
    'async with open(x) as f:': 'open',
    '@register(1)': 'register',
    "print('a(b)')  # not c(d)": 'print',
    '"{}".format(x)': 'format',
    'x = "a\\"b(" + go(y)': 'go',
    "a = '''x(''' ; go(y)": 'go',
    'self.a.b.go(d)': 'self.a.b.go',
    'go(a,': 'go',
    'print_(x)': 'print_',
    'größe(x)': 'größe',
  };
  for (const [line, callee] of Object.entries(named)) {
    test(JSON.stringify(line), () => expect(onlyCallee(line)).toBe(callee));
  }

  test('is not told where there are several', () => {
    for (const line of ['f(g(1))', 'f(x)(y)', 'f(x); g(y)', 'f().g()', "print(f'{g(1)}')", "f(rF'{g(1)}')"]) {
      expect(onlyCallee(line)).toBeUndefined();
    }
  });

  test('is not told where there is none', () => {
    for (const line of [
      '',
      'a[0]',
      'a[0](x)',
      '# f(x)',
      "'f(x)'",
      'def f(x): g(x)',
      'async def f(x):',
      'class A(B):',
    ]) {
      expect(onlyCallee(line)).toBeUndefined();
    }
  });
});

describe('source files', () => {
  /** Code whose units are at these lines of a file; what else a code object has is not looked at up to 3.10. */
  const codeAt = (file: string, ...lines: readonly number[]): Code => ({ file, lines: Int32Array.from(lines) }) as Code;

  function sources(): { readonly root: string; readonly source: CallSource } {
    const root = mkdtempSync(join(tmpdir(), 'timesink-source-'));
    onTestFinished(() => rmSync(root, { recursive: true }));
    mkdirSync(join(root, 'work'));
    writeFileSync(join(root, 'work', 'a.py'), 'first(1)\nsecond(2)\n');
    writeFileSync(join(root, 'work', 'large.py'), `first(1)\n#${' '.repeat(4 * 2 ** 20)}`);
    return { root, source: new CallSource(root, '/work') };
  }

  test('are those that the process sees', () => {
    const { source } = sources();
    expect(source.calleeAt(codeAt('/work/a.py', 1, 2), 1, 8)).toBe('second');
    expect(source.calleeAt(codeAt('a.py', 1, 2), 0, 8)).toBe('first');
  });

  test('that are missing, made up, or too large say nothing', () => {
    const { source } = sources();
    for (const file of ['/work/b.py', '<string>', '/work', '/work/large.py', '']) {
      expect(source.calleeAt(codeAt(file, 1), 0, 8)).toBeUndefined();
    }
  });

  test('that are pipes are left to the program, which reads them itself', () => {
    const { root, source } = sources();
    const pipe = join(root, 'work', 'pipe.py');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const writer = spawn('sh', ['-c', 'echo "first(1)" > "$1"', 'sh', pipe]);
    onTestFinished(() => void writer.kill('SIGKILL'));
    expect(source.calleeAt(codeAt('/work/pipe.py', 1), 0, 8)).toBeUndefined();
    for (const file of ['/dev/stdin', '/proc/self/fd/0']) {
      expect(new CallSource('', '/').calleeAt(codeAt(file, 1), 0, 8)).toBeUndefined();
    }
  });

  test('say nothing about lines that they do not have', () => {
    const { source } = sources();
    for (const line of [-1, 0, 3, 1000]) expect(source.calleeAt(codeAt('/work/a.py', line), 0, 8)).toBeUndefined();
  });

  test('are read once', () => {
    const { root, source } = sources();
    expect(source.calleeAt(codeAt('/work/a.py', 1), 0, 8)).toBe('first');
    rmSync(join(root, 'work', 'a.py'));
    expect(source.calleeAt(codeAt('/work/a.py', 2), 0, 8)).toBe('second');
  });
});
