/** What is written on the box of a function, and whose is it? */
import { displayName, type NodeKind } from '../../../src/tree/call-node.ts';
import { libraryName } from '../../../src/tree/hidden-frames.ts';
import { stackIndex } from '../../../src/tree/stack-index.ts';
import type { Model } from '../../model/model.ts';
import { placeOf, shownText } from '../../parts/function-name.tsx';
import type { FunctionFacts } from './scene.ts';

/** Facts about functions by their numbers, worked out when they are asked for. */
export interface FunctionTexts {
  readonly factsOf: (of: number) => FunctionFacts;
  /** `path/file.py:12`; `''` for what has no file. */
  readonly placeOf: (of: number) => string;
}

const unknown: FunctionFacts = { label: '?', module: '', isApplication: false };

/** Stands for time rather than for code. */
const timeKinds: ReadonlySet<NodeKind> = new Set(['await', 'out-of-context', 'not-sampled', 'idle', 'gc', 'thread']);

const known = new WeakMap<Model, FunctionTexts>();

/** The facts of a recording. */
export function functionTexts(model: Model): FunctionTexts {
  const texts = known.get(model) ?? makeTexts(model);
  known.set(model, texts);
  return texts;
}

function makeTexts(model: Model): FunctionTexts {
  const { shortPath, originOf } = model.filesOf(model.session.processes[0]);
  const { agreed } = stackIndex(model.session);
  const facts: FunctionFacts[] = [];
  // Which class a function has most often takes a look at all samples; nearly all have only one.
  const classOf = (of: number): string | null => {
    const known = agreed[of];
    return known === null ? model.classOf(of) : (known?.className ?? null);
  };
  const make = (of: number): FunctionFacts => {
    const frame = model.functionOf(of);
    if (frame === undefined) return unknown;
    const { file, functionName, kind } = frame;
    const path = file === null || file === '' ? '' : shortPath(file);
    // A module is known by its file, not by what all modules are called.
    const isModule = functionName === '<module>' && path !== '';
    const name = isModule ? path : displayName({ frame, className: classOf(of) });
    const origin = originOf(file);
    return {
      label: shownText(name),
      module: timeKinds.has(kind) ? '' : libraryName(path) || path,
      isApplication: origin === 'application' || origin === 'caller',
    };
  };
  return {
    factsOf(of) {
      facts[of] ??= make(of);
      return facts[of];
    },
    placeOf(of) {
      const frame = model.functionOf(of);
      return frame === undefined ? '' : shownText(placeOf(frame, shortPath));
    },
  };
}
