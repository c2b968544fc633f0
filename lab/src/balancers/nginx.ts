import { get } from 'node:http';
import { userInfo } from 'node:os';
import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { BalancerSettings, HashKey, Routing } from '../proxy/balancerMessages.ts';
import { UPSTREAM_FIELD } from '../proxy/exchange.ts';
import { unsupportedPolicy } from './balancer.ts';
import { integerWeights } from './integerWeights.ts';
import type { ProgramFolder, ProgramRecipe } from './programBalancer.ts';

/** Idle connections to pods that a worker keeps. */
const KEEP_ALIVE_CONNECTIONS = 256;
const RETRY_STATUSES = [403, 404, 429, 500, 502, 503, 504];

const DIRECTIVES: Partial<Record<PolicyName, (hashKey: HashKey) => string>> = {
  'round-robin': () => '',
  'weighted-round-robin': () => '',
  random: () => 'random;',
  'power-of-two-choices': () => 'random two least_conn;',
  'least-connections': () => 'least_conn;',
  'ring-hash': (hashKey) => `hash ${hashVariable(hashKey)} consistent;`,
};

export const NGINX_POLICIES = Object.keys(DIRECTIVES) as PolicyName[];

function hashVariable(hashKey: HashKey): string {
  if (hashKey === 'uri') return '$request_uri';
  if (hashKey === 'client') return '$remote_addr:$remote_port';
  return `$http_${hashKey.slice('header:'.length).toLowerCase().replaceAll('-', '_')}`;
}

function servers({ policy, pods }: Routing, { ejection }: BalancerSettings): string {
  // nginx has one round-robin, which heeds weights: ours that does not is the one with equal weights.
  const weights = integerWeights(pods.map(({ weight }) => (policy === 'round-robin' ? Math.min(weight, 1) : weight)));
  const health =
    ejection === null ? 'max_fails=0' : `max_fails=${ejection.maxFails} fail_timeout=${ejection.failTimeoutMs / 1000}s`;
  return pods
    .map(({ host, port, ready }, index) => {
      const weight = policy === 'round-robin' ? Math.sign(weights[index]!) : weights[index]!;
      const down = !ready || port === 0 || weight === 0;
      return `    server ${host}:${port || 1} weight=${weight || 1} ${health}${down ? ' down' : ''};`;
    })
    .join('\n');
}

function nextUpstream({ retry, ejection }: BalancerSettings): string {
  const statuses = retry?.statuses ?? [];
  if (ejection?.statuses.some((status) => !statuses.includes(status))) {
    throw new Error('--ejection on=…: nginx counts only the statuses of --retry on=…; give them there as well');
  }
  if (retry === null) return 'proxy_next_upstream off;';
  for (const status of statuses) {
    if (!RETRY_STATUSES.includes(status)) {
      throw new Error(`--retry on=${status}: nginx retries only on ${RETRY_STATUSES.join(', ')}`);
    }
  }
  const cases = ['error', 'timeout', ...statuses.map((status) => `http_${status}`)];
  return `proxy_next_upstream ${cases.join(' ')};\n    proxy_next_upstream_tries ${retry.tries};`;
}

function configuration(settings: BalancerSettings, routing: Routing, folder: ProgramFolder, revision: number): string {
  const directive = DIRECTIVES[routing.policy];
  if (directive === undefined) throw unsupportedPolicy('nginx', routing.policy, NGINX_POLICIES);
  const { scratch, log, socket } = folder;
  // Workers of a root master would change to another user, who may not read the scratch folder.
  const user = process.getuid?.() === 0 ? `user ${userInfo().username};` : '';
  return `daemon off;
master_process on;
${user}
worker_processes ${settings.balancers};
worker_shutdown_timeout 30s;
pid ${scratch}/nginx.pid;
error_log stderr warn;
events {
  worker_connections 8192;
}
http {
  log_format tried '$upstream_addr';
  access_log ${log} tried;
  client_body_temp_path ${scratch}/body;
  proxy_temp_path ${scratch}/proxy;
  fastcgi_temp_path ${scratch}/fastcgi;
  uwsgi_temp_path ${scratch}/uwsgi;
  scgi_temp_path ${scratch}/scgi;
  client_max_body_size 0;
  keepalive_timeout 75s;
  keepalive_requests 1000000000;
  map $upstream_addr $tried {
    "~^[0-9]" $upstream_addr;
    default "";
  }
  upstream pods {
    ${directive(settings.hashKey)}
${servers(routing, settings)}
    keepalive ${KEEP_ALIVE_CONNECTIONS};
    keepalive_requests 1000000000;
    keepalive_timeout 60s;
  }
  server {
    listen 127.0.0.1:${settings.port} backlog=4096;
    merge_slashes off;
    location / {
      proxy_pass http://pods;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_connect_timeout ${settings.connectTimeoutMs}ms;
      proxy_read_timeout ${settings.responseTimeoutMs}ms;
      proxy_send_timeout ${settings.responseTimeoutMs}ms;
      proxy_hide_header ${UPSTREAM_FIELD};
      add_header ${UPSTREAM_FIELD} $tried always;
    }
    ${nextUpstream(settings)}
  }
  server {
    listen unix:${socket};
    access_log off;
    location / {
      return 200 "${revision}";
    }
  }
}
`;
}

export const NGINX: ProgramRecipe = {
  name: 'nginx',
  title: 'nginx',
  args: ({ scratch, configuration: file }) => ['-p', scratch, '-e', 'stderr', '-c', file],
  configuration,
  reload: async (program) => {
    program.process.kill('SIGHUP');
  },
  // nginx itself waits 100 ms between starting new workers and dismissing the old ones.
  overlapMs: 200,
  liveRevision: ({ socket }) =>
    new Promise((resolve) => {
      const request = get({ socketPath: socket, path: '/', timeout: 1000, agent: false }, (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(Number(text)));
        response.on('error', () => resolve(null));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => resolve(null));
    }),
};
