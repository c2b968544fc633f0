import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** State letter and process group of a process; null when there is none. Linux only. */
function stat(pid: number): { state: string; group: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; the fields behind it are plain.
    const [state, , group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: state!, group: Number(group) };
  } catch {
    return null;
  }
}

/** Whether a process runs; one that only waits for its parent to take notice does not. */
export function runs(pid: number): boolean {
  const found = stat(pid);
  return found !== null && found.state !== 'Z' && found.state !== 'X';
}

/** The running processes of a process group. */
export function groupMembers(group: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => runs(pid) && stat(pid)?.group === group);
}

/** Whether somebody listens on a port of 127.0.0.1. */
export function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.setTimeout(1000, () => socket.destroy());
    let connected = false;
    socket.on('connect', () => {
      connected = true;
      socket.destroy();
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(connected));
  });
}
