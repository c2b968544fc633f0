import { readFileSync } from 'node:fs';
import { z } from 'zod';

const routeSchema = z.object({
  path: z.string().min(1),
  method: z.string().default(''),
  url: z.string(),
  reqSignedIn: z.boolean().optional(),
  reqRole: z.enum(['Viewer', 'Editor', 'Admin']).optional(),
  headers: z.array(z.object({ name: z.string(), content: z.string() })).default([]),
});

const includeSchema = z.object({
  type: z.string(),
  name: z.string(),
  path: z.string(),
  role: z.enum(['Viewer', 'Editor', 'Admin']).default('Viewer'),
  addToNav: z.boolean().default(false),
  icon: z.string().optional(),
});

const manifestSchema = z.object({
  id: z.string(),
  name: z.string(),
  info: z.object({ version: z.string() }),
  includes: z.array(includeSchema),
  routes: z.array(routeSchema),
});

/** The part of plugin.json that decides what a page may ask for and which pages there are. */
export type PluginManifest = z.infer<typeof manifestSchema>;
export type ProxyRoute = z.infer<typeof routeSchema>;

/** Reads a plugin.json; `%PLUGIN_ID%` becomes the id, as in Grafana. */
export function readPluginManifest(path: string): PluginManifest {
  const text = readFileSync(path, 'utf8');
  const { id } = JSON.parse(text);
  return manifestSchema.parse(JSON.parse(text.replaceAll('%PLUGIN_ID%', id)));
}
