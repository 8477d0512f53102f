/** How does a running Node.js process come to open its inspector, and to close it again? */
import { readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Pid } from '../../../session/ids.ts';
import { TimesinkError } from '../../../util/errors.ts';
import { explainDenial } from '../../memory/denied.ts';
import { commandOf } from '../../system/process-facts.ts';
import { isPortTaken, listeningPorts } from './listening-ports.ts';

/** An inspector that can be connected to. */
export interface OpenInspector {
  readonly port: number;
  /** Whether it was open before: then it is to stay open. */
  readonly wasOpen: boolean;
}

/** Node.js listens here unless told otherwise. */
const defaultPort = 9229;
/** A busy process opens its port within some 0.2 s. */
const patience = 3000;
const sigusr1 = 10;

/**
 * Finds the inspector of a process, or asks the process to open it, by SIGUSR1 as Node.js documents.
 * @throws TimesinkError `UNSUPPORTED_RUNTIME` where the process would not take the signal, or does not open a port that can be
 * reached; `PERMISSION_DENIED`
 */
export async function openInspector(pid: Pid): Promise<OpenInspector> {
  checkReach(pid);
  const before = listeningPorts(pid);
  const known = openPort(pid, before);
  if (known !== undefined) return { port: known, wasOpen: true };
  checkSignal(pid);
  askToOpen(pid);
  for (const until = performance.now() + patience; performance.now() < until; await pause(10)) {
    const port = listeningPorts(pid).find((one) => !before.includes(one));
    if (port !== undefined) return { port, wasOpen: false };
  }
  throw new TimesinkError('UNSUPPORTED_RUNTIME', `process ${pid} did not open its inspector within 3 s`, {
    hint: isPortTaken(pid, defaultPort)
      ? `Another process listens at port ${defaultPort}, which Node.js would use. End that one's inspector, or start the program with timesink.`
      : 'It may be stopped, or have a handler of its own for SIGUSR1. Start the program with timesink instead.',
  });
}

function askToOpen(pid: Pid): void {
  try {
    process.kill(pid, 'SIGUSR1');
  } catch (cause) {
    const { why, hint } = explainDenial(pid);
    throw new TimesinkError('PERMISSION_DENIED', `cannot attach to process ${pid}: ${why}`, { hint, cause });
  }
}

/** Whether the port is closed, waiting for it a little. */
export async function isClosed(pid: Pid, port: number): Promise<boolean> {
  for (const until = performance.now() + patience; performance.now() < until; await pause(10)) {
    if (!listeningPorts(pid).includes(port)) return true;
  }
  return false;
}

function checkReach(pid: Pid): void {
  const [own, other] = [networkOf('self'), networkOf(pid)];
  if (other === undefined) {
    const { why, hint } = explainDenial(pid);
    throw new TimesinkError('PERMISSION_DENIED', `cannot attach to process ${pid}: ${why}`, { hint });
  }
  if (own !== other) {
    throw new TimesinkError(
      'UNSUPPORTED_RUNTIME',
      `process ${pid} runs in a container: its inspector cannot be reached`,
      {
        hint: 'Run timesink in the same container, as with docker exec.',
      },
    );
  }
}

function networkOf(process: Pid | 'self'): string | undefined {
  try {
    return readlinkSync(`/proc/${process}/ns/net`);
  } catch {
    return undefined;
  }
}

/** An inspector that listens already: where Node.js would, or where the process was told to. */
function openPort(pid: Pid, ports: readonly number[]): number | undefined {
  const options = /^NODE_OPTIONS=(.*)$/m.exec(textOf(`/proc/${pid}/environ`).replaceAll('\0', '\n'))?.[1] ?? '';
  const said = [...commandOf(pid), ...options.split(' ')].flatMap((word) => {
    return /^--inspect(?:-brk|-port|-wait)?=(?:.*:)?(\d+)$/.exec(word)?.[1] ?? [];
  });
  return [...said.map(Number), defaultPort].find((port) => ports.includes(port));
}

/** A process that does not catch the signal would be ended by it. */
function checkSignal(pid: Pid): void {
  const caught = /^SigCgt:\s*([0-9a-f]+)$/m.exec(textOf(`/proc/${pid}/status`))?.[1] ?? '0';
  if ((BigInt(`0x${caught}`) >> BigInt(sigusr1 - 1)) & 1n) return;
  const isOff = commandOf(pid).includes('--disable-sigusr1');
  const why = isOff ? 'it was started with --disable-sigusr1' : 'it does not listen to SIGUSR1';
  throw new TimesinkError('UNSUPPORTED_RUNTIME', `process ${pid} cannot be attached to: ${why}`, {
    hint: isOff
      ? 'Start it without that option, with --inspect, or with timesink.'
      : 'It may be about to start or to end, or hide its inspector. Start the program with timesink instead.',
  });
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
