/** Which numbers are positions in which table: branded, so that they cannot be mixed up. */

declare const brand: unique symbol;

/** A `T` that only code which knows what it is may produce. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** Position in {@link FrameTable}. */
export type FrameIndex = Brand<number, 'FrameIndex'>;

/** Position in {@link StackTable}; {@link noStack} stands for "no frame at all". */
export type StackIndex = Brand<number, 'StackIndex'>;

/** Position in `Session.processes`. */
export type ProcessIndex = Brand<number, 'ProcessIndex'>;

/** Operating system process id. */
export type Pid = Brand<number, 'Pid'>;

/** Operating system thread id (Linux: the number under `/proc/PID/task`); 0 where unknown. */
export type Tid = Brand<number, 'Tid'>;

/** The empty stack: the parent of every outermost frame. */
export const noStack: StackIndex = -1 as StackIndex;
