/** How can a person change what a recording shows? Each way is a value, so that it can be undone, listed and linked to. */

/** Kinds of transforms. */
export const transformKinds = [
  'focus-function',
  'focus-subtree',
  'merge-function',
  'merge-node',
  'collapse-function',
  'collapse-library',
  'collapse-direct-recursion',
  'collapse-recursion',
  'drop-function',
] as const;

/** One of {@link transformKinds}. */
export type TransformKind = (typeof transformKinds)[number];

/** By function: applies to all its calls. Functions have the numbers of `Model.functionNumber`. */
export interface FunctionTransform {
  readonly kind: Exclude<TransformKind, 'focus-subtree' | 'merge-node' | 'collapse-library'>;
  readonly function: number;
}

/** By place: applies to the calls on one path, from the root of the tree inwards. */
export interface PathTransform {
  readonly kind: 'focus-subtree' | 'merge-node';
  readonly path: readonly number[];
}

/** All frames of a library that call each other become the one that was called from outside. */
export interface LibraryTransform {
  readonly kind: 'collapse-library';
  /** As `libraryName` gives it. */
  readonly library: string;
}

/** One step. */
export type Transform = FunctionTransform | PathTransform | LibraryTransform;

/** Whether a transform is by place. */
export function isPathTransform(transform: Transform): transform is PathTransform {
  return transform.kind === 'focus-subtree' || transform.kind === 'merge-node';
}

/** What a step does, before the name of its function or library. */
export const transformNames: Readonly<Record<TransformKind, string>> = {
  'focus-function': 'Focus',
  'focus-subtree': 'Focus here',
  'merge-function': 'Merge',
  'merge-node': 'Merge here',
  'collapse-function': 'Collapse',
  'collapse-library': 'Collapse library',
  'collapse-direct-recursion': 'Collapse direct recursion',
  'collapse-recursion': 'Collapse recursion',
  'drop-function': 'Drop',
};
