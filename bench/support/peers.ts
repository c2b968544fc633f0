import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evenkeelCommand, flatOut, flatOutHttp2 } from './evenkeelProcess.ts';
import { installed } from './pinnedProcess.ts';

/** A load generator that is run flat out over keep-alive connections. */
export interface Peer {
  readonly name: string;
  /** How to get it, for the line that says it is missing. */
  readonly from: string;
  readonly available: boolean;
  /** Loads over TLS as well without checking whose certificate it is (ours is told to trust it). */
  readonly tls?: boolean;
  command(url: string, connections: number, seconds: number): readonly string[];
  /** The same over HTTP/2, with so many requests at once over each connection. */
  http2Command?(url: string, connections: number, streams: number, seconds: number): readonly string[];
  /** Requests that were answered, from its output; NaN when it did not say. */
  requests(output: string): number;
}

const figure = (pattern: RegExp) => (output: string) => Number(pattern.exec(output)?.[1]);

const autocannon = createRequire(import.meta.url).resolve('autocannon');

export function peers(): readonly Peer[] {
  return [
    {
      name: 'Evenkeel',
      tls: true,
      from: 'this repository',
      available: true,
      command: (url, connections, seconds) => evenkeelCommand(url, flatOut(connections, seconds)),
      http2Command: (url, connections, streams, seconds) =>
        evenkeelCommand(url, flatOutHttp2(connections, streams, seconds)),
      requests: figure(/"ok":(\d+)/),
    },
    {
      name: 'Evenkeel over undici',
      from: 'this repository',
      available: true,
      command: (url, connections, seconds) => evenkeelCommand(url, flatOut(connections, seconds), 'undici'),
      requests: figure(/"ok":(\d+)/),
    },
    {
      name: 'wrk',
      tls: true,
      from: 'Debian: wrk',
      available: installed('wrk'),
      command: (url, connections, seconds) => ['wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--latency', url],
      requests: figure(/(\d+) requests in/),
    },
    {
      name: 'ab',
      from: 'Debian: apache2-utils',
      available: installed('ab'),
      command: (url, connections, seconds) => [
        'ab',
        '-k',
        '-q',
        '-c',
        `${connections}`,
        '-t',
        `${seconds}`,
        '-n',
        '5000000',
        url,
      ],
      requests: figure(/Complete requests:\s+(\d+)/),
    },
    {
      name: 'h2load',
      tls: true,
      from: 'Debian: nghttp2-client',
      available: installed('h2load'),
      command: (url, connections, seconds) => ['h2load', '--h1', '-t1', `-c${connections}`, `-D${seconds}`, url],
      http2Command: (url, connections, streams, seconds) => [
        'h2load',
        '-t1',
        `-c${connections}`,
        `-m${streams}`,
        `-D${seconds}`,
        url,
      ],
      requests: figure(/(\d+) succeeded/),
    },
    {
      name: 'hey',
      tls: true,
      from: 'Debian: hey',
      available: installed('hey'),
      command: (url, connections, seconds) => ['hey', '-z', `${seconds}s`, '-c', `${connections}`, url],
      requests: figure(/\[200\]\s+(\d+) responses/),
    },
    {
      name: 'oha',
      from: 'crates.io: oha',
      available: installed('oha'),
      command: (url, connections, seconds) => [
        'oha',
        '--no-tui',
        '--output-format',
        'json',
        '-z',
        `${seconds}s`,
        '-c',
        `${connections}`,
        url,
      ],
      http2Command: (url, connections, streams, seconds) => [
        'oha',
        '--no-tui',
        '--insecure',
        '--output-format',
        'json',
        '--http2',
        '-z',
        `${seconds}s`,
        '-c',
        `${connections}`,
        '-p',
        `${streams}`,
        url,
      ],
      requests: figure(/"200":\s*(\d+)/),
    },
    {
      name: 'vegeta',
      from: 'Go: github.com/tsenart/vegeta/v12',
      available: installed('vegeta'),
      command: (url, connections, seconds) => [
        'sh',
        '-c',
        `echo GET ${url} | vegeta attack -rate=0 -max-workers=${connections} -connections=${connections} -duration=${seconds}s | vegeta report -type=json`,
      ],
      requests: figure(/"200":(\d+)/),
    },
    {
      name: 'autocannon',
      from: 'npm: autocannon',
      available: true,
      command: (url, connections, seconds) => [
        process.execPath,
        autocannon,
        '-j',
        '-c',
        `${connections}`,
        '-d',
        `${seconds}`,
        url,
      ],
      requests: figure(/"2xx":(\d+)/),
    },
    {
      name: 'k6',
      from: 'Go: go.k6.io/k6/v2',
      available: installed('k6'),
      command: (url, connections, seconds) => {
        const script = join(tmpdir(), 'evenkeel-bench-k6.js');
        writeFileSync(
          script,
          "import http from 'k6/http';\nexport const options = { discardResponseBodies: true };\n" +
            `export default function () { http.get('${url}'); }\n`
        );
        return ['k6', 'run', '--quiet', '--vus', `${connections}`, '--duration', `${seconds}s`, script];
      },
      requests: figure(/http_reqs[.\s]*:\s+(\d+)/),
    },
    {
      name: 'Locust (FastHttpUser)',
      from: 'PyPI: locust',
      available: installed('locust'),
      command: (url, connections, seconds) => {
        const script = join(tmpdir(), 'evenkeel_bench_locust.py');
        const { origin, pathname } = new URL(url);
        writeFileSync(
          script,
          `from locust import FastHttpUser, task\n\n\nclass User(FastHttpUser):\n    host = "${origin}"\n\n    @task\n    def get(self):\n        self.client.get("${pathname}")\n`
        );
        return [
          'locust',
          '-f',
          script,
          '--headless',
          '--json',
          '-L',
          'ERROR',
          '-u',
          `${connections}`,
          '-r',
          `${connections}`,
          '-t',
          `${seconds}s`,
        ];
      },
      requests: figure(/"num_requests":\s*(\d+)/),
    },
  ];
}
