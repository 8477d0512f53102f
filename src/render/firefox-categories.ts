/** In which colours does the Firefox Profiler draw time? */
import type { FrameKind, Session } from '../session/session.ts';
import { type Origin, originRule } from '../tree/library-rule.ts';
import type { CodeFunction } from './code-table.ts';

/** A kind of time, with one of the profiler's colours. */
export interface Category {
  readonly name: string;
  readonly color: string;
  /** The first is the category itself. */
  readonly subcategories: readonly ['Other'];
}

/** Grey is for what has no other; what is transparent is not drawn. */
const colors = {
  Other: 'grey',
  Application: 'yellow',
  'Standard library': 'blue',
  'Installed package': 'purple',
  'Built-in': 'green',
  Native: 'brown',
  'Garbage collection': 'orange',
  Waiting: 'lightblue',
  Idle: 'transparent',
} as const;

type CategoryName = keyof typeof colors;

/** In the order of their numbers. */
export const categories: readonly Category[] = Object.entries(colors).map(([name, color]) => ({
  name,
  color,
  subcategories: ['Other'],
}));

/** The number of a category. */
export const categoryNumber = (name: CategoryName): number => Object.keys(colors).indexOf(name);

const categoryOfKind: Partial<Readonly<Record<FrameKind, CategoryName>>> = {
  native: 'Native',
  builtin: 'Built-in',
  gc: 'Garbage collection',
  idle: 'Idle',
  thread: 'Other',
  await: 'Waiting',
  'out-of-context': 'Waiting',
  'not-sampled': 'Other',
};

const categoryOfOrigin: Readonly<Record<Origin, CategoryName | null>> = {
  application: 'Application',
  stdlib: 'Standard library',
  package: 'Installed package',
  caller: null,
};

/**
 * Gives the number of a function's category; null: that of its caller. One rule for all processes: what is a library in
 * one of them is a library.
 */
export function categoryRule({ processes }: Session): (code: CodeFunction) => number | null {
  const originOf = originRule({ sysPrefixes: processes.flatMap(({ sysPrefixes }) => sysPrefixes) });
  return ({ kind, file }) => {
    const name = categoryOfKind[kind] ?? categoryOfOrigin[originOf(file)];
    return name === null ? null : categoryNumber(name);
  };
}
