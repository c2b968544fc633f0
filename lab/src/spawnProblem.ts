/** Why a process could not be started, and what to do about it. */
export function spawnProblem(error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'EMFILE':
    case 'ENFILE':
      return 'this shell allows too few open files; raise the limit with "ulimit -n 1024"';
    case 'EAGAIN':
    case 'ENOMEM':
      return 'this machine starts no further process; ask for fewer --pods, or raise the limit with "ulimit -u"';
    default:
      return error.message;
  }
}
