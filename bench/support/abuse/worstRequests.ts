import { BODY_LIMIT } from '../../../sidecar/src/api/requestBody.ts';
import { PODS, TARGET } from './fullHistory.ts';
import { LARGE_SCENARIO } from './largeScenario.ts';
import { deep, filled, type Sized, worstScenarios, worstTexts } from './worstTexts.ts';

/** A request that costs the service as much as its sender can make it cost. */
export interface WorstRequest {
  /** The route of the table: `POST /api/v1/runs`. */
  readonly route: string;
  readonly name: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const quoted = (text: string) => JSON.stringify({ text });
/** A text in a body, cut to what the body holds beside it. */
function imported(make: Sized): string {
  let size = BODY_LIMIT - 100;
  for (;;) {
    const body = quoted(make(size));
    const over = Buffer.byteLength(body) - BODY_LIMIT;
    if (over <= 0) return body;
    size -= Math.ceil(over / 2) + 1;
    if (size < 0) throw new Error('a text does not fit into a body');
  }
}

const JSON_HEADERS = { 'content-type': 'application/json' };

/** Bodies that are bad for whatever reads JSON. */
function worstBodies(): Record<string, string> {
  return {
    'unknown fields': filled('{"a":1', (i) => `,"k${i}":1`, '}'),
    'the same field again and again': filled('{"a":1', () => ',"a":1', '}'),
    'lists in lists': deep('{"a":', '[', '', ']', '}'),
    'a list of lists': filled('{"a":[[]', () => ',[]', ']}'),
    'groups in groups': deep('', '{"a":', '1', '}', ''),
    'not closed': '['.repeat(BODY_LIMIT),
    'one long text': filled('{"reason":"', () => 'x', '"}'),
    'one long name': filled('{"', () => 'x', '":1}'),
    escapes: filled('{"note":"', () => '\\u0001', '"}'),
    'a list': filled('[0', () => ',0', ']'),
    'labels with bad names': filled('{"labels":{"(":""', (i) => `,"(${i}":""`, '}}'),
    'labels without end': filled('{"labels":{"a":""', (i) => `,"a${i}":""`, '}}'),
    'one long number': filled('{"a":1', () => '1', '}'),
  };
}

/** Every route of the service with the worst that it takes. */
export function worstRequests(): WorstRequest[] {
  const requests: WorstRequest[] = [];
  const get = (path: string, template = path.replace(/\?.*/, ''), headers = {}) =>
    requests.push({
      route: `GET ${template}`,
      name: path.includes('?') ? path.slice(path.indexOf('?'), 120) : 'as it is',
      path,
      headers,
    });
  const send = (route: string, path: string, bodies: Record<string, string>) => {
    for (const [name, body] of Object.entries(bodies))
      requests.push({ route, name, path, headers: JSON_HEADERS, body });
  };
  const api = '/api/v1';
  const long = 'a'.repeat(199);
  const query = `?${Array.from({ length: 500 }, (_, i) => `k${i}=${i}`).join('&')}`;

  get('/healthz');
  get(`/healthz${query}`, '/healthz');
  get('/readyz');
  get('/metrics');
  get(`${api}/status`);
  get(`${api}/openapi.json`);
  get(`${api}/safety`);
  get(`${api}/audit?limit=200`);
  get(`${api}/targets`);
  get(`${api}/targets/${TARGET.id}`, `${api}/targets/{id}`);
  get(`${api}/targets/${TARGET.id}/pods`, `${api}/targets/{id}/pods`);
  get(`${api}/scenarios`);
  get(`${api}/scenarios/large-0`, `${api}/scenarios/{id}`);
  for (const format of ['yaml', 'json'])
    get(`${api}/scenarios/large-0/file?format=${format}`, `${api}/scenarios/{id}/file`);
  get(`${api}/runs?limit=200`);
  get(`${api}/runs?limit=200&text=${long}b`);
  get(`${api}/runs?limit=200&text=${long}%25_&sort=-p99&offset=1000000`);
  get(`${api}/runs?limit=200&label=label-1:${'v'.repeat(200)}&scenarioName=${'n'.repeat(100)}&text=${long}`);
  get(`${api}/runs/run-0`, `${api}/runs/{id}`);
  get(`${api}/runs/run-0/samples?limit=600`, `${api}/runs/{id}/samples`);
  for (const format of ['json', 'markdown', 'html', 'junit']) {
    get(`${api}/runs/run-0/report?format=${format}`, `${api}/runs/{id}/report`);
  }
  get(`${api}/runs/run-0/comparison?baseline=run-1`, `${api}/runs/{id}/comparison`);
  get(`${api}/runs/run-0/events`, `${api}/runs/{id}/events`);
  get(`${api}/faults?limit=200`);

  const bodies = worstBodies();
  const scenarios = Object.entries(worstScenarios()).map(([name, make]) => [name, make(BODY_LIMIT - 200)] as const);
  const asScenario = Object.fromEntries(scenarios.map(([name, text]) => [name, `{"scenario":${text}}`]));
  const asRun = Object.fromEntries(
    scenarios.map(([name, text]) => [name, `{"targetId":"nothing","scenario":${text}}`])
  );
  send(`POST ${api}/runs`, `${api}/runs`, {
    ...bodies,
    ...asRun,
    'a large one on a thousand pods': JSON.stringify({
      targetId: TARGET.id,
      scenario: { ...LARGE_SCENARIO, faults: [] },
    }),
  });
  send(`POST ${api}/faults/runs`, `${api}/faults/runs`, {
    ...asRun,
    'a valid large one with its faults': `{"targetId":"embedded","scenario":${JSON.stringify(LARGE_SCENARIO)}}`,
  });
  send(`PATCH ${api}/runs/{id}`, `${api}/runs/run-0`, bodies);
  send(`POST ${api}/runs/{id}/stop`, `${api}/runs/run-0/stop`, bodies);
  send(`POST ${api}/scenarios`, `${api}/scenarios`, { ...bodies, ...asScenario });
  send(`PUT ${api}/scenarios/{id}`, `${api}/scenarios/mine`, asScenario);
  send(`POST ${api}/scenarios/{id}/duplicate`, `${api}/scenarios/large-0/duplicate`, { ...bodies, plain: '{}' });
  send(`DELETE ${api}/scenarios/{id}`, `${api}/scenarios/nothing`, bodies);
  send(`POST ${api}/scenarios/import`, `${api}/scenarios/import`, {
    ...bodies,
    ...Object.fromEntries(Object.entries(worstTexts()).map(([name, make]) => [`YAML: ${name}`, imported(make)])),
    ...Object.fromEntries(Object.entries(worstScenarios()).map(([name, make]) => [`JSON: ${name}`, imported(make)])),
  });
  const fault = (scope: object, more: object = {}) =>
    JSON.stringify({ targetId: 'embedded', fault: { type: 'latency', delayMs: 50, forSeconds: 2, scope, ...more } });
  const faults = {
    ...bodies,
    'more pods than are allowed': fault({ percent: 100 }),
    'a label': fault({ label: 'zone=a' }),
    'a long label': filled(
      '{"targetId":"embedded","fault":{"type":"latency","severity":"low","forSeconds":1,"scope":{"label":"',
      () => 'a',
      '!"}}}'
    ),
    'a long name of a pod': fault({ pod: PODS[0] }),
    'half of the pods': fault({ percent: 50 }),
    'half of the pods again': fault({ percent: 50 }),
  };
  send(`POST ${api}/faults/preview`, `${api}/faults/preview`, faults);
  send(`POST ${api}/faults`, `${api}/faults`, faults);
  send(`POST ${api}/faults/{id}/revert`, `${api}/faults/fault-0/revert`, bodies);
  send(`POST ${api}/safety/stop-all`, `${api}/safety/stop-all`, { ...bodies, plain: '{}' });
  send(`POST ${api}/safety/stop-all-as-editor`, `${api}/safety/stop-all-as-editor`, { ...bodies, plain: '{}' });
  send(`POST ${api}/safety/release`, `${api}/safety/release`, { ...bodies, plain: '{}' });
  return requests;
}
