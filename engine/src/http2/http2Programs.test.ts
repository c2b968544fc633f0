import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePort, installed, PATIENCE_MS } from '../../../checks/loopbackProgram.ts';
import { LOOPBACK_CERTIFICATE, LOOPBACK_KEY } from '../testing/loopbackCertificate.ts';
import { measuredLoad, rate } from '../testing/measuredLoad.ts';

let folder: string;
let program: ChildProcess;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenkeel-http2-'));
  writeFileSync(join(folder, 'tls.pem'), [LOOPBACK_CERTIFICATE, LOOPBACK_KEY].join('\n'));
});
afterEach(async () => {
  const gone = new Promise((resolve) => program.once('exit', resolve));
  if (program.exitCode === null) {
    // Not SIGKILL, which nginx's workers outlive.
    program.kill('SIGTERM');
    await gone;
  }
  rmSync(folder, { recursive: true });
});

async function started(command: string, args: readonly string[], port: number): Promise<void> {
  program = spawn(command, args, { stdio: 'ignore' });
  await eventually(
    () =>
      new Promise<void>((resolve, reject) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          resolve();
        });
        socket.on('error', reject);
      })
  );
}

const load = (url: string) =>
  measuredLoad(url, {
    scenario: {
      load: rate(500, 1),
      connections: { policy: 'round-robin', protocol: 'http/2', count: 5, streams: 100 },
      mix: [
        { weight: 4, request: { path: '/' } },
        { weight: 1, request: { method: 'POST', path: '/post', body: 'b'.repeat(3000) } },
      ],
    },
    engine: { trustedCertificates: [LOOPBACK_CERTIFICATE] },
  });

(installed('nginx') ? test : test.skip)(
  'nginx, which says goodbye after every 40 requests: not one is lost, and its log counts the same',
  async () => {
    const [port, securePort] = [await freePort(), await freePort()];
    const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((n) => `${n}_temp_path ${folder}/${n};`);
    writeFileSync(
      join(folder, 'nginx.conf'),
      `worker_processes 1; daemon off; error_log ${folder}/error.log; pid ${folder}/pid; events {}
       http { log_format counted '$server_protocol $uri $sent_http_x_evenkeel_pod'; access_log ${folder}/access.log counted;
         keepalive_requests 40; ${temporary.join(' ')} split_clients "$request_id" $pod { 50% a; * b; }
         server { listen 127.0.0.1:${port} http2; listen 127.0.0.1:${securePort} ssl http2;
           ssl_certificate ${folder}/tls.pem; ssl_certificate_key ${folder}/tls.pem;
           location / { add_header X-Evenkeel-Pod $pod; return 200 "hello"; } } }`
    );
    await started('nginx', ['-c', join(folder, 'nginx.conf'), '-p', folder], port);
    const counts: Record<string, number> = { a: 0, b: 0 };
    for (const url of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${securePort}`]) {
      const measured = await load(url);
      expect(measured.outcomes.ok).toBe(500);
      expect(measured.total('connectionsOpened')).toBeGreaterThanOrEqual(12);
      for (const [pod, count] of Object.entries(measured.decisions)) counts[pod]! += count;
    }
    await eventually(async () =>
      expect(readFileSync(join(folder, 'access.log'), 'utf8').split('\n')).toHaveLength(1001)
    );
    const logged = readFileSync(join(folder, 'access.log'), 'utf8').trim().split('\n');
    expect(logged.every((line) => line.startsWith('HTTP/2.0 '))).toBe(true);
    expect({
      a: logged.filter((line) => line.endsWith(' a')).length,
      b: logged.filter((line) => line.endsWith(' b')).length,
    }).toEqual(counts);
  },
  PATIENCE_MS
);

(installed('haproxy') ? test : test.skip)(
  'HAProxy, with and without TLS',
  async () => {
    const [port, securePort] = [await freePort(), await freePort()];
    writeFileSync(
      join(folder, 'haproxy.cfg'),
      `defaults
         mode http
         timeout client 30s
         timeout connect 5s
         timeout server 30s
       frontend pods
         bind 127.0.0.1:${port} proto h2
         bind 127.0.0.1:${securePort} ssl crt ${folder}/tls.pem alpn h2
         http-request return status 200 content-type text/plain string hello hdr x-evenkeel-pod one\n`
    );
    await started('haproxy', ['-f', join(folder, 'haproxy.cfg')], port);
    for (const url of [`http://127.0.0.1:${port}`, `https://127.0.0.1:${securePort}`]) {
      const measured = await load(url);
      expect(measured.outcomes.ok).toBe(500);
      expect(measured.decisions).toEqual({ one: 500 });
    }
  },
  PATIENCE_MS
);
