import { createServer } from 'node:net';

const HOST = '127.0.0.1';

/**
 * `wanted` if it can be listened on, or any free port for 0: for programs that cannot choose one themselves.
 * @throws Error with a message for people when the port is taken.
 */
export function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', (error: NodeJS.ErrnoException) => reject(portProblem(wanted, error.code ?? '', error.message)));
    probe.listen({ port: wanted, host: HOST }, () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : wanted;
      probe.close(() => resolve(port));
    });
  });
}

/** Why the balancer cannot listen, for people. */
export function portProblem(port: number, code: string, message: string): Error {
  if (code === 'EADDRINUSE') {
    return new Error(
      `--balancer-port ${port}: port ${port} of 127.0.0.1 is already in use; choose another one, or 0 for any free one`
    );
  }
  if (code === 'EACCES') {
    return new Error(`--balancer-port ${port}: this user may not listen on port ${port}; choose one above 1023`);
  }
  return new Error(`--balancer-port ${port}: ${message}`);
}
