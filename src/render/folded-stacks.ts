/** Which distinct stacks do trees hold, when stacks are no more than lines of text? */
import { type CallNode, displayName, isSynthetic } from '../tree/call-node.ts';
import type { ShortPath } from '../tree/short-path.ts';
import { PairIndex } from '../util/pair-index.ts';
import { escapeControls } from './terminal-text.ts';

const none = -1;

/** A text that may be an element: nothing in it ends the element, the line, or looks like its count. */
export function safeElement(text: string): string {
  const safe = escapeControls(text)
    .replaceAll('\t', '\\t')
    .replaceAll(';', '\\x3b')
    .replace(/\s(?=[\d.]*$)/, '\\x20');
  return safe === '' ? '?' : safe;
}

/** Stacks as paths of elements, each with its seconds. Two frames that look the same are the same element. */
export class FoldedStacks {
  /** By stack. */
  readonly seconds: number[] = [];
  readonly #elements: string[] = [];
  readonly #elementNumbers = new Map<string, number>();
  readonly #paths = new PairIndex();
  /** By stack: the one below, the element on top, and how many characters the line has. */
  readonly #parent: number[] = [];
  readonly #element: number[] = [];
  readonly #length: number[] = [];

  /**
   * Adds the own times of a tree's nodes, whatever its depth.
   * @param prefix safe elements that stand before the root
   */
  add(root: CallNode, prefix: readonly string[], shortPath: ShortPath): void {
    const start = prefix.reduce((stack, element) => this.#child(stack, element), none);
    const elementOf = elementNames(shortPath);
    const open: { readonly node: CallNode; readonly caller: number }[] = [{ node: root, caller: start }];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const { node, caller } = next;
      const { kind } = node.frame;
      const stack = kind === 'self' || kind === 'root' ? caller : this.#child(caller, elementOf(node));
      // Time in which the thread ran no frame has a self below the joining root and is nobody's.
      if (node.children.length === 0 && stack !== start) (this.seconds[stack] as number) += node.time;
      for (let index = node.children.length - 1; index >= 0; index--) {
        open.push({ node: node.children[index] as CallNode, caller: stack });
      }
    }
  }

  /** Characters of a stack's line, without its count. */
  lengthOf(stack: number): number {
    return this.#length[stack] as number;
  }

  /** From the outermost to the innermost. */
  elementsOf(stack: number): readonly string[] {
    const elements: string[] = [];
    for (let at = stack; at !== none; at = this.#parent[at] as number) {
      elements.push(this.#elements[this.#element[at] as number] as string);
    }
    return elements.reverse();
  }

  #child(parent: number, element: string): number {
    let number = this.#elementNumbers.get(element);
    if (number === undefined) {
      number = this.#elements.push(element) - 1;
      this.#elementNumbers.set(element, number);
    }
    const stack = this.#paths.numberOf(parent, number);
    if (stack === this.seconds.length) {
      this.seconds.push(0);
      this.#parent.push(parent);
      this.#element.push(number);
      this.#length.push((this.#length[parent] ?? -1) + 1 + element.length);
    }
    return stack;
  }
}

/** `Class.function (file:line)`, with as much of it as is known; each made once. */
function elementNames(shortPath: ShortPath): (node: CallNode) => string {
  const known = new Map<CallNode['frame'], Map<CallNode['className'], string>>();
  return (node) => {
    let names = known.get(node.frame);
    if (names === undefined) {
      names = new Map();
      known.set(node.frame, names);
    }
    let name = names.get(node.className);
    if (name === undefined) {
      name = safeElement(nameAndPlace(node, shortPath));
      names.set(node.className, name);
    }
    return name;
  };
}

function nameAndPlace(node: CallNode, shortPath: ShortPath): string {
  const { file, firstLine, kind } = node.frame;
  const name = displayName(node);
  if (file === null || file === '' || kind === 'thread' || isSynthetic(node)) return name;
  return `${name} (${shortPath(file)}${firstLine > 0 ? `:${firstLine}` : ''})`;
}
