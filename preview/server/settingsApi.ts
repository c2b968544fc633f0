import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Role } from '@evenkeel/contract/role';
import { z } from 'zod';
import type { PluginSettings } from './pluginSettings.ts';

const MAX_BYTES = 64 * 1024;

const changeSchema = z.object({
  jsonData: z.record(z.string(), z.unknown()).optional(),
  secureJsonData: z.record(z.string(), z.string()).optional(),
});

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > MAX_BYTES) throw new Error('too large');
  }
  return JSON.parse(text);
}

/** `GET` and `POST /api/plugins/<id>/settings`, as far as the configuration page uses them. */
export async function answerSettings(
  request: IncomingMessage,
  response: ServerResponse,
  settings: PluginSettings,
  role: Role
): Promise<void> {
  if (request.method === 'GET') {
    sendJson(response, 200, { enabled: true, pinned: true, ...settings.visible() });
    return;
  }
  if (role !== 'Admin') {
    sendJson(response, 403, { message: 'Permission denied' });
    return;
  }
  try {
    settings.update(changeSchema.parse(await readJson(request)));
    sendJson(response, 200, { message: 'Plugin settings updated' });
  } catch {
    sendJson(response, 400, { message: 'bad request data' });
  }
}
