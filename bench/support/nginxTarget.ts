import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../../engine/src/testing/loopbackCertificate.ts';
import { pinnedTo } from './pinnedProcess.ts';

export const POD_COUNTS = [1, 10, 100, 1000] as const;

/** One nginx worker that answers by itself, naming one of k pods at random: `/pods-1`, `/pods-10`, … */
export interface NginxTarget {
  readonly url: string;
  readonly secureUrl: string;
  stop(): Promise<void>;
}

export async function nginxTarget(core: number): Promise<NginxTarget> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-bench-'));
  const [port, securePort] = [await freePort(), await freePort()];
  const splits = POD_COUNTS.map((count) => {
    const share = Math.floor(10_000 / count) / 100;
    const lines = Array.from({ length: count }, (_, i) => (i === count - 1 ? `* pod-${i};` : `${share}% pod-${i};`));
    return `split_clients "$request_id" $pods_${count} { ${lines.join(' ')} }`;
  });
  const locations = POD_COUNTS.map(
    (count) => `location /pods-${count} { add_header X-Evenkeel-Pod $pods_${count}; return 200 "hello world"; }`
  );
  writeFileSync(join(folder, 'key.pem'), LOOPBACK_KEY);
  writeFileSync(join(folder, 'cert.pem'), LOOPBACK_CERTIFICATE);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `worker_processes 1; daemon off; worker_rlimit_nofile 30000; error_log ${folder}/error.log; pid ${folder}/pid;
     events { worker_connections 25000; }
     http { access_log off; keepalive_requests 1000000000; keepalive_timeout 600s; ${temporary.join(' ')}
       ${splits.join('\n')}
       server { listen 127.0.0.1:${port} backlog=4096; listen 127.0.0.1:${securePort} ssl http2;
         ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem; ${locations.join('\n')} } }`
  );
  const [program = '', ...rest] = [...pinnedTo(core), 'nginx', '-c', join(folder, 'nginx.conf'), '-p', folder];
  const nginx = spawn(program, rest, { stdio: 'ignore' });
  await reachable(port, nginx);
  return {
    url: `http://127.0.0.1:${port}/pods-10`,
    secureUrl: `https://127.0.0.1:${securePort}/pods-10`,
    stop: async () => {
      const gone = new Promise((resolve) => nginx.once('exit', resolve));
      nginx.kill('SIGTERM');
      await gone;
      rmSync(folder, { recursive: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Waits until something listens on the port. Rejects when the process ends first, or after 10 s. */
export async function reachable(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (child.exitCode !== null) throw new Error(`the bench's server ended with code ${child.exitCode}`);
    const connected = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('connect', () => resolve(true)).on('error', () => resolve(false));
      socket.on('connect', () => socket.destroy());
    });
    if (connected) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing listens on port ${port} after 10 s`);
}
