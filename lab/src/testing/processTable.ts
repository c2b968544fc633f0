import { readdirSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

/** State letter, parent and process group of a process; null when there is none. Linux only. */
function stat(pid: number): { state: string; parent: number; group: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; the fields behind it are plain.
    const [state, parent, group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: state!, parent: Number(parent), group: Number(group) };
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
export const groupMembers = (group: number): number[] => all().filter((pid) => stat(pid)?.group === group);

/** The running children of a process that run this program. */
export function childrenRunning(parent: number, program: string): number[] {
  return all().filter((pid) => {
    try {
      return stat(pid)?.parent === parent && readFileSync(`/proc/${pid}/cmdline`, 'latin1').startsWith(`${program}\0`);
    } catch {
      return false;
    }
  });
}

function all(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter(runs);
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
