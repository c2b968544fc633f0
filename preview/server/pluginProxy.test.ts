import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Role } from '@evenkeel/contract/role';
import { proxyRequest } from './pluginProxy.ts';

const servers: Server[] = [];

async function listen(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<number> {
  const server = createServer(handler);
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** A proxy before a service that answers by `handler`; returns the proxy's address. */
async function proxied(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { role = 'Editor' as Role, serviceUrl = '' } = {}
): Promise<string> {
  const upstream = await listen(handler);
  const header = { name: 'Authorization', content: 'Bearer {{ .SecureJsonData.token }}' };
  const routes = [
    {
      path: 'api/*',
      method: 'GET',
      url: '{{ .JsonData.url }}/base',
      reqRole: 'Editor' as const,
      headers: [header, { name: 'X-Evenkeel-Role', content: 'Editor' }],
    },
  ];
  const data = {
    JsonData: { url: serviceUrl || `http://127.0.0.1:${upstream}` },
    SecureJsonData: { token: 's3cret' },
  };
  const port = await listen((incoming, response) => {
    const [path = '', query = ''] = (incoming.url ?? '').slice(1).split(/(?=\?)/);
    proxyRequest(incoming, response, { routes, data, role, path, query });
  });
  return `http://127.0.0.1:${port}`;
}

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

describe("Grafana's plugin proxy", () => {
  test('fills in headers, forwards path and query, and keeps the session to itself', async () => {
    let seen: IncomingMessage | undefined;
    const url = await proxied((incoming, response) => {
      seen = incoming;
      response.end('ok');
    });
    await fetch(`${url}/api/v1/runs?limit=2`, {
      headers: {
        cookie: 'grafana_session=x',
        authorization: 'Basic zzz',
        'x-evenkeel-role': 'Admin',
        'x-grafana-user': 'root',
      },
    });
    expect(seen?.url).toBe('/base/v1/runs?limit=2');
    expect(seen?.headers).toMatchObject({ authorization: 'Bearer s3cret', 'x-evenkeel-role': 'Editor' });
    expect(seen?.headers.cookie).toBeUndefined();
    expect(seen?.headers['x-grafana-user']).toBeUndefined();
  });

  test('answers are sandboxed and lose their cookies', async () => {
    const url = await proxied((_request, response) => {
      response.writeHead(201, { 'set-cookie': 'a=b', 'content-type': 'text/html' }).end('<b>');
    });
    const answer = await fetch(`${url}/api/x`);
    expect(answer.status).toBe(201);
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(answer.headers.get('content-security-policy')).toBe('sandbox');
  });

  test('a role that is too low and a path that is unknown never reach the service', async () => {
    const url = await proxied(() => expect(true).toBe(false), { role: 'Viewer' });
    const denied = await fetch(`${url}/api/x`);
    expect([denied.status, await denied.json()]).toEqual([403, { message: 'plugin proxy route access denied' }]);
    expect((await fetch(`${url}/other`)).status).toBe(404);
  });

  test.each([
    'api/v1/runs/../safety/release',
    'api/v1/runs/..',
    'api/v1/./safety',
    'api/v1/runs/%2e%2e/safety',
    'api/v1/runs/%2E./safety',
    'api/v1/runs/.%2e',
    'api/v1/%2e/safety',
    'api/v1/runs/..%2fsafety',
    'api/v1/runs%2F..%2Fsafety',
    'api/v1/runs/..;x/safety',
    'api/v1/runs/..\\safety',
    'api\\v1\\safety',
    'api/v1/runs/%5c../safety',
    'api/v1//safety',
    '/api/v1/safety',
    'api/v1/runs/.%09./safety',
    'api/v1/safety#/runs',
    'other/../api/v1/safety',
  ])('%s could be read as another path: 400, and nothing is sent', async (path) => {
    const asked: unknown[] = [];
    const url = await proxied((incoming, response) => {
      asked.push(incoming.url);
      response.end();
    });
    const { hostname, port } = new URL(url);
    const asking = request({ hostname, port, path: `/${path}` });
    asking.end();
    const [answer] = (await once(asking, 'response')) as [IncomingMessage];
    answer.resume();
    expect([answer.statusCode, asked]).toEqual([400, []]);
  });

  test.each(['v1/runs/a.b', 'v1/runs/..a', 'v1/runs/a..', 'v1/runs/...', 'v1/runs/a%20b', 'v1/runs/'])(
    'api/%s is sent as it is',
    async (path) => {
      let asked: string | undefined;
      const url = await proxied((incoming, response) => {
        asked = incoming.url;
        response.end();
      });
      expect((await fetch(`${url}/api/${path}?q=../x#y`)).status).toBe(200);
      expect(asked).toBe(`/base/${path}?q=../x`);
    }
  );

  test.each(['http://127.0.0.1:1', '127.0.0.1:8787', 'not a url'])('%s is an empty 502', async (serviceUrl) => {
    const url = await proxied(() => {}, { serviceUrl });
    const answer = await fetch(`${url}/api/x`);
    expect([answer.status, await answer.text()]).toEqual([502, '']);
  });

  test('events pass one by one, and a reader who leaves ends the stream at the service', async () => {
    let left: Promise<unknown> | undefined;
    const url = await proxied((_request, response) => {
      left = once(response, 'close');
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
    });
    const reader = request(`${url}/api/stream`);
    reader.end();
    const [answer] = (await once(reader, 'response')) as [IncomingMessage];
    const [piece] = await once(answer, 'data');
    expect(String(piece)).toBe('data: 1\n\n');
    reader.destroy();
    await left;
  });
});
