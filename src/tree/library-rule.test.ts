import { describe, expect, test } from 'vitest';
import { mainThreadOf } from '../../test/support/arbitrary-session.ts';
import { sessionFromText } from '../../test/support/session-from-text.ts';
import { displayName } from './call-node.ts';
import { applicationNodes, originRule } from './library-rule.ts';
import { buildTimeline } from './timeline.ts';

const originOf = originRule({ sysPrefixes: ['/opt/env', '/usr', '', '/usr'] });

test.each([
  ['/srv/app/main.py', 'application'],
  ['relative/main.py', 'application'],
  ['/opt/env/lib/python3.13/site-packages/x.py', 'package'],
  ['/usr/lib/python3.13/json/__init__.py', 'stdlib'],
  ['/opt/environment/main.py', 'application'],
  ['/usr2/main.py', 'application'],
  ['/home/me/.local/lib/python3.13/site-packages/x.py', 'package'],
  ['/elsewhere/dist-packages/x.py', 'package'],
  ['/srv/site-packages.py', 'application'],
  ['<built-in>', 'stdlib'],
  ['<thread>', 'stdlib'],
  ['<frozen runpy>', 'stdlib'],
  ['<__array_function__ internals>', 'package'],
  ['<ipython-input-3-abc>', 'application'],
  ['<string>', 'caller'],
  ['<stdin>', 'caller'],
  ['<python-input-0>', 'caller'],
  ['', 'stdlib'],
  [null, 'stdlib'],
])('%s is %s', (file, origin) => {
  expect(originOf(file)).toBe(origin);
});

test.each([
  ['Debian', '/usr', '/usr/lib/python3/dist-packages/apt/cache.py', 'package'],
  ['Debian, pip', '/usr', '/usr/local/lib/python3.11/dist-packages/x.py', 'package'],
  ['Fedora', '/usr', '/usr/lib64/python3.12/json/decoder.py', 'stdlib'],
  ['program below the prefix', '/usr', '/usr/src/app/main.py', 'application'],
  ['program of a distribution', '/usr', '/usr/share/tool/main.py', 'application'],
  ['container', '/usr/local', '/usr/local/app.py', 'application'],
  ['container', '/usr/local', '/usr/local/lib/tool/main.py', 'application'],
  ['command of a package', '/opt/env', '/opt/env/bin/pytest', 'package'],
  ['editable checkout in an environment', '/home/me/env', '/home/me/env/src/pkg/pkg/core.py', 'application'],
  ['environment in a project', '/p/.venv', '/p/app.py', 'application'],
  ['environment in a project', '/p/.venv', '/p/.venv/lib/python3.13t/site-packages/x.py', 'package'],
  ['build without the GIL', '/opt/py', '/opt/py/lib/python3.13t/queue.py', 'stdlib'],
  ['conda', '/opt/conda/envs/ml', '/opt/conda/envs/ml/lib/python3.12/queue.py', 'stdlib'],
  ['conda, work beside it', '/opt/conda', '/opt/conda/work/train.py', 'application'],
  ['pyenv', '/h/.pyenv/versions/3.12.1', '/h/.pyenv/versions/3.12.1/lib/python3.12/queue.py', 'stdlib'],
  [
    'macOS framework',
    '/Library/Frameworks/Python.framework/Versions/3.12',
    '/Library/Frameworks/Python.framework/Versions/3.12/lib/python3.12/queue.py',
    'stdlib',
  ],
  ['Homebrew, under another name', '/opt/homebrew/opt/python@3.12', '/cellar/lib/python3.12/queue.py', 'stdlib'],
  ['PyPy', '/opt/pypy', '/opt/pypy/lib/pypy3.10/queue.py', 'stdlib'],
  ['standard library as an archive', '/opt/env', '/opt/env/lib/python313.zip/queue.py', 'stdlib'],
  ['prefix at the root', '/', '/bin/tool', 'package'],
  ['prefix at the root', '/', '/srv/app.py', 'application'],
  ['prefix with a slash at its end', '/opt/env/', '/opt/env/bin/tool', 'package'],
  ['a file called like the folder', '/opt/env', '/opt/env/bin', 'application'],
  ['zipapp', '/usr', '/srv/app.pyz/app/main.py', 'application'],
  ['shiv', '/usr', '/h/.shiv/app_1/site-packages/x.py', 'package'],
  ['pex', '/usr', '/h/.pex/installed_wheels/0/requests-2.31-py3-none-any.whl/requests/api.py', 'package'],
  ['egg', '/usr', '/srv/eggs/zope-1.0-py3.egg/zope/x.py', 'package'],
  ['PDM', '/usr', '/p/__pypackages__/3.12/lib/x.py', 'package'],
  ['npm', '', '/p/node_modules/lodash/index.js', 'package'],
  ['Windows', 'C:\\Python313', 'C:\\Python313\\Lib\\json\\decoder.py', 'stdlib'],
  ['Windows, other case and slashes', 'C:\\Python313', 'c:/python313/lib/queue.py', 'stdlib'],
  ['Windows', 'C:\\Python313', 'C:\\Python313\\Lib\\site-packages\\x.py', 'package'],
  ['Windows, command', 'C:\\Python313', 'C:\\Python313\\Scripts\\tool-script.py', 'package'],
  ['Windows, work beside it', 'C:\\Python313', 'C:\\Python313\\work\\main.py', 'application'],
  ['Windows, embedded', 'D:\\app', 'D:\\app\\python313.zip\\queue.py', 'stdlib'],
  ['Windows, embedded', 'D:\\app', 'D:\\app\\main.py', 'application'],
  ['no upper-case folders elsewhere', '/opt/env', '/opt/env/Lib/x.py', 'application'],
])('%s: with the prefix %s, %s is %s', (_, prefix, file, origin) => {
  expect(originRule({ sysPrefixes: [prefix] })(file)).toBe(origin);
});

describe('code without a file of its own', () => {
  function application(text: string): readonly string[] {
    const session = sessionFromText(text);
    const tree = buildTimeline(session, mainThreadOf(session));
    return tree === null ? [] : [...applicationNodes(tree, originOf)].map(displayName);
  }

  test('counts as its caller does', () => {
    const text = `
  1            1
  main         main
  a@<string>   lib@/usr/lib/python3.13/x.py
  b@<string>   c@<string>
`;
    expect(application(text)).toEqual(['main', 'a', 'b']);
  });

  test('is the application where nothing called it', () => {
    expect(application('1\n<module>@<string>')).toEqual(['<module>']);
    expect(application('1                   1\n<module>@<string>  other')).toEqual(['<module>', 'other']);
  });
});
