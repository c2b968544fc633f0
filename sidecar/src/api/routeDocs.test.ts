import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PROBLEM_NAMES } from '@evenkeel/contract/problem';
import { problemsOf } from './openApiDocument.ts';
import { problemsMarkdown, routesMarkdown } from './routeDocs.ts';
import { type FakeService, startFakeService } from './testing/fakeService.ts';

const PAGE = join(import.meta.dirname, '../../../docs/api.md');

let service: FakeService;
beforeAll(async () => {
  service = await startFakeService();
});
afterAll(() => service.close());

it.each([
  ['routes', () => routesMarkdown(service.routes)],
  ['problems', () => problemsMarkdown(service.routes)],
])('docs/api.md has the %s as they are (UPDATE_DOCS=1 writes them)', (name, made) => {
  const [begin, end] = [`<!-- ${name} -->\n`, `\n<!-- /${name} -->`];
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = [page.indexOf(begin) + begin.length, page.indexOf(end)];
  expect(from).toBeGreaterThan(begin.length);
  if (process.env.UPDATE_DOCS === '1') writeFileSync(PAGE, page.slice(0, from) + made() + page.slice(to));
  else expect(page.slice(from, to)).toBe(made());
});

it('knows no problem that no route can answer with', () => {
  const used = new Set(['wrong-method', ...service.routes.flatMap(problemsOf)]);
  expect(PROBLEM_NAMES.filter((name) => !used.has(name))).toEqual([]);
});
