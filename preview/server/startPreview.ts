import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Role } from '@evenkeel/contract/role';
import { chosenRole, offeredRoles } from './chosenRole.ts';
import { ensureBuilt, hostBuild, pluginBuild } from './ensureBuilt.ts';
import type { GrafanaVersion } from './grafanaLibraries.ts';
import { hostPage } from './hostPage.ts';
import { type PluginManifest, readPluginManifest } from './pluginManifest.ts';
import { proxyRequest } from './pluginProxy.ts';
import { PluginSettings } from './pluginSettings.ts';
import { PreviewIdentity } from './previewIdentity.ts';
import { sendPublicFile } from './publicFiles.ts';
import { answerSettings } from './settingsApi.ts';

export interface PreviewOptions {
  /** 0 for any free port. */
  readonly port: number;
  /** Base URL of the service, as the plugin's configuration would hold it. */
  readonly serviceUrl: string;
  /** The service's token; without one the header says `Bearer <no value>`, as Grafana would. */
  readonly token?: string;
  /** Whose React and libraries the pages get; the newest when left out. */
  readonly grafana?: GrafanaVersion;
  /** The highest role that a browser may choose, and that of one that has not chosen; Admin when left out. */
  readonly role?: Role;
  /** One line for a person, for what takes a while. */
  readonly log?: (line: string) => void;
}

export interface Preview {
  readonly url: string;
  stop(): Promise<void>;
}

/** Another site's page must not reach a service through a browser on this machine: neither by name nor by form. */
function cameFromElsewhere(request: IncomingMessage, port: number): boolean {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (!hosts.includes(request.headers.host ?? '')) return true;
  const { origin } = request.headers;
  return origin !== undefined && !hosts.some((host) => origin === `http://${host}`);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  manifest: PluginManifest,
  settings: PluginSettings,
  highestRole: Role,
  identity: PreviewIdentity,
  version: GrafanaVersion
): void {
  const role = chosenRole(request.headers.cookie, highestRole);
  const url = request.url ?? '/';
  const [path = '/'] = url.split('?', 1);
  const proxied = `/api/plugin-proxy/${manifest.id}/`;
  if (path.startsWith(proxied)) {
    proxyRequest(request, response, {
      routes: manifest.routes,
      data: settings.templateData(),
      role,
      identity: identity.token(role, `http://${request.headers.host}`),
      path: path.slice(proxied.length),
      query: url.slice(path.length),
    });
  } else if (path === `/api/plugins/${manifest.id}/settings`) {
    void answerSettings(request, response, settings, role);
  } else if (path === '/api/signing-keys/keys') {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(identity.keys()));
  } else if (path.startsWith('/api/')) {
    refuse(response, 404, 'Not found');
  } else if (path === '/') {
    response.writeHead(302, { location: `/a/${manifest.id}/load-test` }).end();
  } else if (path.startsWith(`/a/${manifest.id}`) || path === `/plugins/${manifest.id}`) {
    const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
    response.writeHead(200, headers).end(hostPage(manifest, settings, role, offeredRoles(highestRole)));
  } else if (path.startsWith('/d/')) {
    response
      .writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
      .end(`In Grafana this link opens the dashboard ${path}. The preview has no dashboards.\n`);
  } else if (!sendPublicFile(response, path, manifest.id, version)) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is nothing here.\n');
  }
}

/**
 * Serves the plugin's pages without Grafana, on loopback only: the very dist/module.js, the real `@grafana/*`, and a
 * plugin proxy that behaves like Grafana's. Builds what is missing. Rejects with a message for people.
 */
export async function startPreview(options: PreviewOptions): Promise<Preview> {
  const { log = () => {}, grafana: version = '13.2' } = options;
  await ensureBuilt(pluginBuild, log);
  await ensureBuilt(hostBuild(version), log);

  const manifest = readPluginManifest(join(pluginBuild.outputPath, 'plugin.json'));
  const settings = new PluginSettings(
    { serviceUrl: options.serviceUrl },
    options.token === undefined ? {} : { sidecarToken: options.token }
  );
  const identity = new PreviewIdentity();
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    if (cameFromElsewhere(request, port)) refuse(response, 403, 'origin not allowed');
    else answer(request, response, manifest, settings, options.role ?? 'Admin', identity, version);
  });
  server.listen(options.port, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
