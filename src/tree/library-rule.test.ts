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
  ['/opt/env/lib/python3.13/site-packages/x.py', 'library'],
  ['/usr/lib/python3.13/json/__init__.py', 'library'],
  ['/opt/environment/main.py', 'application'],
  ['/usr2/main.py', 'application'],
  ['/home/me/.local/lib/python3.13/site-packages/x.py', 'library'],
  ['/elsewhere/dist-packages/x.py', 'library'],
  ['/srv/site-packages.py', 'application'],
  ['<built-in>', 'library'],
  ['<frozen runpy>', 'library'],
  ['<__array_function__ internals>', 'library'],
  ['<ipython-input-3-abc>', 'application'],
  ['<string>', 'caller'],
  ['<stdin>', 'caller'],
  ['', 'library'],
  [null, 'library'],
])('%s is %s', (file, origin) => {
  expect(originOf(file)).toBe(origin);
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
  a@<string>   lib@/usr/lib/x.py
  b@<string>   c@<string>
`;
    expect(application(text)).toEqual(['main', 'a', 'b']);
  });

  test('is the application where nothing called it', () => {
    expect(application('1\n<module>@<string>')).toEqual(['<module>']);
    expect(application('1                   1\n<module>@<string>  other')).toEqual(['<module>', 'other']);
  });
});
