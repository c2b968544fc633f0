import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PolicyName } from '@evenkeel/core/policies/registry';
import type { BalancerSettings, HashKey, Routing } from '../proxy/balancerMessages.ts';
import { UPSTREAM_FIELD } from '../proxy/exchange.ts';
import { unsupportedPolicy } from './balancer.ts';
import { integerWeights } from './integerWeights.ts';
import type { ProgramFolder, ProgramRecipe } from './programBalancer.ts';

const RELOAD_AGAIN_MS = 20;

const BALANCE: Partial<Record<PolicyName, (settings: BalancerSettings) => string>> = {
  'round-robin': () => 'balance roundrobin',
  'weighted-round-robin': () => 'balance roundrobin',
  random: () => 'balance random(1)',
  'power-of-two-choices': () => 'balance random(2)',
  'least-connections': () => 'balance leastconn',
  'ring-hash': ({ hashKey, mode }) => `${hashed(hashKey, mode)}\n  hash-type consistent`,
};

export const HAPROXY_POLICIES = Object.keys(BALANCE) as PolicyName[];

function hashed(hashKey: HashKey, mode: BalancerSettings['mode']): string {
  if (hashKey === 'client' || mode === 'connection') {
    throw new Error(
      '--hash-key client: HAProxy hashes the address without the port, which is one on this machine; use uri or header:NAME'
    );
  }
  return hashKey === 'uri' ? 'balance uri whole' : `balance hdr(${hashKey.slice('header:'.length)})`;
}

const RETRY_STATUSES = [401, 403, 404, 408, 425, 500, 501, 502, 503, 504];

function retries({ retry, mode }: BalancerSettings): string {
  if (retry === null) return 'retries 0';
  const lines = [`retries ${retry.tries - 1}`, 'option redispatch 1'];
  if (mode === 'request') {
    for (const status of retry.statuses) {
      if (!RETRY_STATUSES.includes(status)) {
        throw new Error(`--retry on=${status}: HAProxy retries only on ${RETRY_STATUSES.join(', ')}`);
      }
    }
    lines.push(['retry-on conn-failure empty-response response-timeout', ...retry.statuses].join(' '));
    // Only a request that may be repeated goes to another pod once it was sent.
    lines.push('http-request disable-l7-retry unless { method GET HEAD OPTIONS PUT DELETE }');
  }
  return lines.join('\n  ');
}

function servers({ policy, pods }: Routing, { ejection, mode }: BalancerSettings): string {
  const weights = integerWeights(pods.map(({ weight }) => weight));
  let health = '';
  if (ejection !== null) {
    const layer = mode === 'request' && ejection.statuses.length > 0 ? 'layer7' : 'layer4';
    // HAProxy brings a pod back by a health check instead of a trial request.
    health = ` check inter ${ejection.failTimeoutMs}ms rise 1 fall 1 observe ${layer} error-limit ${ejection.maxFails} on-error mark-down`;
  }
  return pods
    .map(({ pod, host, port, ready }, index) => {
      const weight = policy === 'round-robin' ? Math.sign(weights[index]!) : weights[index]!;
      const down = !ready || port === 0 || weight === 0;
      return `  server ${pod} ${host}:${port || 1} weight ${weight}${health}${down ? ' disabled' : ''}`;
    })
    .join('\n');
}

function configuration(settings: BalancerSettings, routing: Routing, folder: ProgramFolder, revision: number): string {
  const balance = BALANCE[routing.policy];
  if (balance === undefined) throw unsupportedPolicy('HAProxy', routing.policy, HAPROXY_POLICIES);
  const http = settings.mode === 'request';
  return `global
  description revision-${revision}
  stats socket ${folder.socket} mode 600 level admin expose-fd listeners
  log stdout format raw local0 info
  nbthread 1
  hard-stop-after 30s
defaults
  mode ${http ? 'http' : 'tcp'}
  log global
  timeout connect ${settings.connectTimeoutMs}ms
  timeout client ${settings.responseTimeoutMs}ms
  timeout server ${settings.responseTimeoutMs}ms
${http ? '  timeout http-keep-alive 75s\n  option http-keep-alive\n  option idle-close-on-response' : ''}
frontend entry
  bind 127.0.0.1:${settings.port} backlog 4096
  log-format "%si:%sp"
  default_backend pods
backend pods
  ${balance(settings)}
  ${retries(settings)}
${http ? `  http-reuse safe\n  option forwardfor\n  option httpchk GET /readyz\n  http-response set-header ${UPSTREAM_FIELD} %si:%sp` : ''}
${servers(routing, settings)}
`;
}

export const HAPROXY: ProgramRecipe = {
  name: 'haproxy',
  title: 'HAProxy',
  // A master with one worker, in the foreground: the master hands its listening sockets from worker to worker.
  args: ({ configuration: file, mainSocket }) => ['-W', '-db', '-S', mainSocket, '-f', file],
  configuration,
  reload: async (program, { mainSocket }) => {
    // Just after a start or a reload the master is starting over itself and would miss a signal; its socket refuses then.
    while (program.running && (await haproxyCommand(mainSocket, 'reload')) === null) await sleep(RELOAD_AGAIN_MS);
  },
  overlapMs: 50,
  liveRevision: async ({ socket }) => {
    const answer = await haproxyCommand(socket, 'show info');
    return Number(/^description: revision-(\d+)$/m.exec(answer ?? '')?.[1] ?? Number.NaN);
  },
};

/** Sends one command to HAProxy's control socket; null when nobody answers. */
export function haproxyCommand(socketPath: string, command: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    let text = '';
    let reached = false;
    socket.setTimeout(1000, () => socket.destroy());
    socket.on('connect', () => {
      reached = true;
    });
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(reached ? text : null));
    socket.write(`${command}\n`);
  });
}
