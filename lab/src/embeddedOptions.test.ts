import { EMBEDDED_DEFAULTS, EMBEDDED_FLAGS, EmbeddedOptionError, embeddedOptions } from './embeddedOptions.ts';

test('nothing given is the defaults', () => {
  expect(embeddedOptions({})).toEqual(EMBEDDED_DEFAULTS);
});

test('the defaults that people are shown are the defaults', () => {
  for (const flag of EMBEDDED_FLAGS) {
    if (flag.default.includes(' ')) continue;
    expect({ ...EMBEDDED_DEFAULTS, ...flag.read(flag.default) }).toEqual(EMBEDDED_DEFAULTS);
  }
});

test.each([
  ['10ms', { kind: 'constant', meanMs: 10 }],
  ['0', { kind: 'constant', meanMs: 0 }],
  ['1.5s', { kind: 'constant', meanMs: 1500 }],
  ['exp:10ms', { kind: 'exponential', meanMs: 10 }],
  ['lognormal:10ms', { kind: 'log-normal', meanMs: 10, sigma: 0.5 }],
  ['lognormal:0.5s,1', { kind: 'log-normal', meanMs: 500, sigma: 1 }],
])('reads the service time %s', (text, serviceTime) => {
  expect(embeddedOptions({ 'service-time': text }).serviceTime).toEqual(serviceTime);
});

test.each([
  [{ retry: 'off' }, { retry: null }],
  [{ retry: 'on' }, { retry: { tries: 3, statuses: [] } }],
  [{ retry: 'tries=2,on=502+503' }, { retry: { tries: 2, statuses: [502, 503] } }],
  [{ ejection: 'off' }, { ejection: null }],
  [{ ejection: 'fails=3,for=30s' }, { ejection: { maxFails: 3, failTimeoutMs: 30_000, statuses: [] } }],
  [{ ejection: 'on=500' }, { ejection: { maxFails: 1, failTimeoutMs: 10_000, statuses: [500] } }],
  [{ 'hash-key': 'header:X-User' }, { hashKey: 'header:x-user' }],
  [
    { pods: '3', capacity: '1,1,0.33' },
    { pods: 3, capacity: [1, 1, 0.33] },
  ],
  [{ weights: '2,0' }, { weights: [2, 0] }],
  [
    { mode: 'connection', balancers: '3' },
    { mode: 'connection', balancers: 3 },
  ],
  [
    { balancer: 'nginx', 'balancer-port': '8080' },
    { balancer: 'nginx', port: 8080 },
  ],
])('reads %j', (flags, options) => {
  expect(embeddedOptions(flags)).toEqual({ ...EMBEDDED_DEFAULTS, ...options });
});

test.each([
  [{ pods: '0' }, '--pods 0: must be a whole number from 1 to 64'],
  [{ pods: '65' }, '--pods 65: must be a whole number from 1 to 64'],
  [{ pods: '-1' }, '--pods -1: must be a whole number from 1 to 64'],
  [{ pods: 'NaN' }, '--pods NaN: must be a whole number from 1 to 64'],
  [{ pods: '' }, '--pods "": must be a whole number from 1 to 64'],
  [{ 'service-time': '-5ms' }, '--service-time -5ms: must be a time of 0 to 60s'],
  [{ 'service-time': '61s' }, '--service-time 61s: must be a time of 0 to 60s'],
  [{ 'service-time': 'gauss:5ms' }, '--service-time gauss:5ms: must be a time'],
  [{ 'service-time': '10ms,0.5' }, '--service-time 10ms,0.5: must be a time'],
  [{ 'service-time': 'lognormal:5ms,9' }, 'sigma of a log-normal time must be 0 to 3'],
  [{ concurrency: '0' }, '--concurrency 0: must be a whole number from 1 to 10000'],
  [{ capacity: '1,,1' }, '--capacity 1,,1: each capacity must be 0.01 to 100'],
  [{ capacity: '1,0' }, '--capacity 1,0: each capacity must be 0.01 to 100'],
  [{ pods: '2', capacity: '1,1,1' }, '--capacity 1,1,1: 3 values for 2 pods'],
  [{ pods: '2', weights: '0,0' }, '--weights 0,0: at least one weight must be above 0'],
  [{ policy: 'rr' }, '--policy rr: must be one of round-robin, '],
  [{ balancer: 'envoy' }, '--balancer envoy: must be one of embedded, nginx, haproxy'],
  [{ balancers: '17' }, '--balancers 17: must be a whole number from 1 to 16'],
  [{ mode: 'packet' }, '--mode packet: must be one of request, connection'],
  [{ retry: 'tries=1' }, '--retry tries=1: tries must be 2 to 64'],
  [{ retry: 'tries=2,tries=3' }, '--retry tries=2,tries=3: must be on, off, or'],
  [{ retry: 'maybe' }, '--retry maybe: must be on, off, or tries=… and on=…'],
  [{ retry: 'on=200' }, 'on= must list statuses from 400 to 599'],
  [{ ejection: 'for=0.5s' }, '--ejection for=0.5s: for must be whole seconds, 1s to 600s'],
  [{ ejection: 'fails=0' }, '--ejection fails=0: fails must be 1 to 1000'],
  [{ 'hash-key': 'cookie' }, '--hash-key cookie: must be uri, client or header:NAME'],
  [{ 'balancer-port': '65536' }, '--balancer-port 65536: must be a whole number from 0 to 65535'],
  [{ balancer: 'nginx', mode: 'connection' }, '--mode connection: not with --balancer nginx'],
  [{ balancer: 'haproxy', balancers: '2' }, '--balancers: HAProxy shares one view'],
])('refuses %j', (flags, message) => {
  expect(() => embeddedOptions(flags)).toThrow(EmbeddedOptionError);
  expect(() => embeddedOptions(flags)).toThrow(message);
});
