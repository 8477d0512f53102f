/** Which functions, and which lines of them, do the stacks of a session name? For formats with such tables of their own. */
import type { FrameInfo, Session } from '../session/session.ts';
import { PairIndex } from '../util/pair-index.ts';

/** A function: all frames that agree in what is here. */
export interface CodeFunction extends Pick<FrameInfo, 'kind' | 'functionName' | 'file' | 'firstLine'> {
  /** `Class.function`, or the function alone where no class is known. */
  readonly name: string;
}

/** Functions, and places: a function at a line. */
export interface CodeTable {
  readonly functions: readonly CodeFunction[];
  /** Position in `functions` of each frame. */
  readonly functionOfFrame: Int32Array;
  /** Position in `functions` of each place. */
  readonly functionOfPlace: readonly number[];
  /** The line of each place, counted from 1; −1 where unknown. */
  readonly lineOfPlace: readonly number[];
  /** The place of each stack's innermost frame. */
  readonly placeOfStack: Int32Array;
}

/** Lists what is there. O(frames + stacks). */
export function codeTable({ frames, stacks }: Session): CodeTable {
  const { functions, functionOfFrame } = listFunctions(frames);
  const places = new PairIndex();
  const functionOfPlace: number[] = [];
  const lineOfPlace: number[] = [];
  const placeOfStack = stacks.frame.map((frame, stack) => {
    const code = functionOfFrame[frame] as number;
    const line = stacks.line[stack] as number;
    const place = places.numberOf(code, line);
    if (place === functionOfPlace.length) {
      functionOfPlace.push(code);
      lineOfPlace.push(line);
    }
    return place;
  });
  return { functions, functionOfFrame, functionOfPlace, lineOfPlace, placeOfStack };
}

function listFunctions(frames: Session['frames']): Pick<CodeTable, 'functions' | 'functionOfFrame'> {
  const functions: CodeFunction[] = [];
  const numbers = new Map<string, number>();
  const functionOfFrame = Int32Array.from(frames, ({ kind, functionName, className, file, firstLine }) => {
    const key = JSON.stringify([kind, functionName, className, file, firstLine]);
    let number = numbers.get(key);
    if (number === undefined) {
      const name = className === null ? functionName : `${className}.${functionName}`;
      number = functions.push({ kind, functionName, name, file, firstLine }) - 1;
      numbers.set(key, number);
    }
    return number;
  });
  return { functions, functionOfFrame };
}
