/** At which ports does a process wait for connections? */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import type { Pid } from '../../../session/ids.ts';

/** State of a listening socket in `/proc/net/tcp` (Linux net/tcp_states.h). */
const listening = '0A';

/** All listening TCP ports in a process's network, with the inode of their socket (proc_pid_net(5)). */
function portsByInode(pid: Pid): ReadonlyMap<string, number> {
  const ports = new Map<string, number>();
  for (const name of ['tcp', 'tcp6']) {
    for (const line of textOf(`/proc/${pid}/net/${name}`).split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === listening && inode !== undefined) ports.set(inode, Number.parseInt(local.split(':')[1] ?? '', 16));
    }
  }
  return ports;
}

/** Those of the process itself. */
export function listeningPorts(pid: Pid): readonly number[] {
  const ports = portsByInode(pid);
  const own = socketsOf(pid).flatMap((inode) => ports.get(inode) ?? []);
  return [...new Set(own)];
}

/** Whether anybody in the process's network listens at a port. */
export function isPortTaken(pid: Pid, port: number): boolean {
  return [...portsByInode(pid).values()].includes(port);
}

function socketsOf(pid: Pid): readonly string[] {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).flatMap((name) => /^socket:\[(\d+)\]$/.exec(linkOf(`${folder}/${name}`))?.[1] ?? []);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
