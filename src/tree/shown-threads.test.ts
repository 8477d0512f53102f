import { describe, expect, test } from 'vitest';
import { sessionFromText, type WrittenSession } from '../../test/support/session-from-text.ts';
import { busyThreads, chooseThreads, mainThread, type ShownOptions } from './shown-threads.ts';

function choose(written: WrittenSession, options: Partial<ShownOptions> = {}): object {
  const shown = chooseThreads(sessionFromText(written), { threads: false, subprocesses: false, ...options });
  return {
    whole: shown.whole.map((process) => ({
      pid: process.process?.pid,
      shown: process.shown.map(({ thread }) => thread.name),
      others: process.others.map(({ thread }) => thread.name),
    })),
    brief: shown.brief.map(({ process, running }) => ({ pid: process.pid, running })),
  };
}

const busyAndWaiting = [
  { name: 'MainThread', samples: '1   9w\nmain main' },
  { name: 'busy', samples: '8\nf' },
  { name: 'busier', samples: '9 1w\nf f' },
  { name: 'little', samples: '0.5 9w\nf f' },
  { name: 'waiting', samples: '10w\nf' },
];

describe('threads', () => {
  test('those with a tenth of the running time, busiest first, and the main thread', () => {
    expect(choose({ threads: busyAndWaiting })).toEqual({
      whole: [{ pid: 4000, shown: ['busier', 'busy', 'MainThread'], others: ['little', 'waiting'] }],
      brief: [],
    });
  });

  test('where many do little each, the busiest of them, and all for what is hot', () => {
    const pool = Array.from({ length: 20 }, (_, at) => ({ name: `worker-${at}`, samples: `${at === 7 ? 5 : 4}\nf` }));
    const threads = [
      { name: 'MainThread', samples: '6 9w\nmain main' },
      ...pool,
      { name: 'waiting', samples: '9w\nf' },
    ];
    const [process] = chooseThreads(sessionFromText({ threads }), { threads: false, subprocesses: false }).whole;
    expect(process?.shown.map(({ thread }) => thread.name)).toEqual(['MainThread', 'worker-7']);
    expect(process?.others).toHaveLength(20);
    expect(process && busyThreads(process).map(({ name }) => name)).toHaveLength(21);
  });

  test('all when asked for', () => {
    expect(choose({ threads: busyAndWaiting }, { threads: true })).toMatchObject({
      whole: [{ shown: ['busier', 'busy', 'MainThread', 'little', 'waiting'], others: [] }],
    });
  });

  test('the main thread also when nothing ran', () => {
    const threads = [
      { name: 'other', samples: '5w\nf' },
      { name: 'MainThread', samples: '5w\nmain' },
    ];
    expect(choose({ threads })).toMatchObject({ whole: [{ shown: ['MainThread'], others: ['other'] }] });
  });

  test('the busiest where no thread is the main one', () => {
    const threads = [
      { name: 'a', samples: '1w\nf' },
      { name: 'b', samples: '1\nf' },
    ];
    expect(choose({ threads })).toMatchObject({ whole: [{ shown: ['b'], others: ['a'] }] });
  });

  test('without known states all time counts as running', () => {
    const threads = [{ samples: '5w\nf' }, { name: 'other', samples: '4w\nf' }];
    expect(choose({ threads, meta: { engine: 'file' } })).toMatchObject({
      whole: [{ shown: ['MainThread', 'other'], others: [] }],
    });
  });
});

describe('processes', () => {
  const written: WrittenSession = {
    threads: [
      { samples: '1\nf' },
      { samples: '3\nf', process: 1 },
      { samples: '1\nf', process: 2 },
      { name: 'other', samples: '1\nf', process: 2 },
    ],
    processes: [{}, {}, {}],
  };

  test('the busiest whole, every other one in a line', () => {
    expect(choose(written)).toEqual({
      whole: [{ pid: 4001, shown: ['MainThread'], others: [] }],
      brief: [
        { pid: 4002, running: 2 },
        { pid: 4000, running: 1 },
      ],
    });
  });

  test('all whole when asked for', () => {
    expect(choose(written, { subprocesses: true })).toMatchObject({
      whole: [{ pid: 4001 }, { pid: 4002, shown: ['MainThread', 'other'] }, { pid: 4000 }],
      brief: [],
    });
  });

  test('formats that know one thread get the main thread of the program itself', () => {
    expect(mainThread(sessionFromText(written))?.process).toBe(0);
    expect(mainThread({ ...sessionFromText(written), threads: [] })).toBeUndefined();
  });
});

test('nothing recorded, nothing shown', () => {
  expect(choose({ threads: [] })).toEqual({ whole: [], brief: [] });
});
