import { PROBLEMS } from '@evenkeel/contract/problem';
import { problemsOf } from './openApiDocument.ts';
import type { Route } from './route.ts';

const WHO: Readonly<Record<Route['access'], string>> = {
  public: 'everybody',
  scrape: 'Viewer, or everybody with `openMetrics`',
  'signed-in': 'anyone signed in',
  Viewer: 'Viewer',
  Editor: 'Editor',
  Admin: 'Admin',
};

const row = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;

/** The route table as Markdown: what every path does, and who may. */
export function routesMarkdown(routes: readonly Route[]): string {
  const lines = routes.map((route) =>
    row([
      `${route.method.toUpperCase()} \`${route.path}\``,
      WHO[route.access],
      route.summary,
      Object.keys(route.responses).join(', '),
    ])
  );
  return [row(['request', 'who', 'what', 'success']), '| --- | --- | --- | --- |', ...lines].join('\n');
}

/** Every problem that any route may answer with. */
export function problemsMarkdown(routes: readonly Route[]): string {
  const used = new Set(routes.flatMap(problemsOf));
  const lines = Object.entries(PROBLEMS)
    .filter(([name]) => used.has(name as keyof typeof PROBLEMS) || name === 'wrong-method')
    .map(([name, { status, title }]) => row([`\`${name}\``, String(status), title]));
  return [row(['type, behind `urn:evenkeel:problem:`', 'status', 'meaning']), '| --- | --- | --- |', ...lines].join(
    '\n'
  );
}
