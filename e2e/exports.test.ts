import { createRequire } from 'node:module';
import type { Report } from '@evenkeel/contract/report';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { standingClock } from '@evenkeel/core/run/testing/testClock';
import type { Browser, Page } from 'playwright-core';
import { reportHtml } from '../core/src/report/reportHtml.ts';
import { reportJunit } from '../core/src/report/reportJunit.ts';
import { reportMarkdown } from '../core/src/report/reportMarkdown.ts';
import { executeRun } from '../core/src/run/runExecution.ts';
import { ScriptedLoadEngine } from '../core/src/run/testing/scriptedLoadEngine.ts';
import { formatScenarioText } from '../sidecar/src/scenarios/scenarioText.ts';
import { hasBrowser, launchBrowser } from './harness/browser.ts';

/*
 * What is exported is read by programs of others: an older YAML parser, a Markdown parser, and a browser's for XML and HTML.
 * All text that a person may write has to come out of them as it went in.
 */
const require = createRequire(import.meta.url);
const olderYaml = require('js-yaml') as { load(text: string): unknown };
const { marked } = require('marked') as { marked: { parse(text: string): string } };

/** Names that are allowed and mean something to one parser or another. */
const NAMES = [
  'Überlast №1 😀 👩‍🔬',
  'שלום עולם and مرحبا',
  `<script>alert("x")</script> & 'y' ]]> <!-- z -->`,
  '| a | `b` * _c_ [d](e) # f \\ ~~g~~ <b>h</b>',
  '- a: b # c',
  '{a: [b, "c"]}',
  '  blanks on both sides  ',
  '%YAML 1.2',
  '!!binary x',
  '*alias &anchor',
  '? key',
  'it\'s "quoted"',
  '&amp; &lt; &#39; &nbsp;',
  'https://example.test/?a=b&c=d',
  'www.example.test and ada@example.test',
  '1. not a list',
  '+ neither',
  '~~~',
  ...['no', 'Yes', 'on', 'null', '~', 'true', '1e3', '0x10', '010', '1_000', '.5', '2001-01-01', '12:30:45', '=', '<<'],
];

/** Bodies that may hold anything but half a pair of surrogates. */
const BODIES = [
  ...[
    'a\x85b',
    '\u2028',
    ' \n',
    '\n ',
    'a \n b',
    '  a\nb',
    '-0\t<<',
    '\t',
    'a\r\nb',
    '\x7f',
    '\x9f',
    '\x00\x1b',
    '\ufffe',
    '\ufeffa',
  ],
  ...[
    '\u202e\u200b',
    '\u{e0001}',
    'x '.repeat(90),
    `${'x'.repeat(130)} y`,
    '---\n',
    '...\n',
    '# a\n',
    'a\n\n',
    '{"a":\n  1}\n',
  ],
];

const load = { model: 'rate', stages: [{ from: 400, to: 400, durationSeconds: 20 }] } as const;
const scenarioOf = (name: string) =>
  scenarioSchema.parse({
    name,
    description: `${name}\n\t${name}\n`,
    load,
    thresholds: [{ metric: 'p99', op: '<', value: 0.5 }],
    request: { headers: { 'x-text': name.replace(/[^\x20-\x7e]/g, '?') } },
  });

const reportOf = (name: string): Promise<Report> =>
  executeRun({
    clock: standingClock(),
    run: {
      id: 'run-1',
      state: 'pending',
      reason: null,
      scenario: scenarioOf(name),
      target: { id: 't', name, kind: 'url', url: 'http://127.0.0.1:1/', attribution: { header: 'x' }, balancer: name },
      createdAt: 0,
      startedAt: null,
      endedAt: null,
      startedBy: name,
      labels: { label: name },
      note: name,
      baseline: false,
    },
    engine: new ScriptedLoadEngine(
      Array.from({ length: 10 }, () => ({
        pods: { 'pod-1': { requests: 100, ms: 5 }, 'pod-2': { requests: 100, ms: 5 } },
      }))
    ),
    directory: { list: () => [], complete: false },
    allowedNetworks: [],
    listener: { sample() {}, phase() {}, event() {}, notice() {} },
  }).ended;

describe('a scenario that is exported', () => {
  test.each(NAMES)('is read by an older YAML parser with the name %j', (name) => {
    const { thresholds: _, ...scenario } = JSON.parse(JSON.stringify(scenarioOf(name)));
    const { thresholds, ...yaml } = olderYaml.load(formatScenarioText(scenarioOf(name), 'yaml')) as typeof scenario;
    expect(yaml).toEqual(scenario);
    expect(thresholds).toEqual(['p99 < 0.5 ms']);
    // What is JSON is YAML too.
    const { thresholds: __, ...json } = olderYaml.load(formatScenarioText(scenarioOf(name), 'json')) as typeof scenario;
    expect(json).toEqual(scenario);
  });
});

const describeBrowser = hasBrowser() ? describe : describe.skip;

describeBrowser('a report that is exported', () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchBrowser();
    page = await browser.newPage();
  });
  afterAll(() => browser.close());

  /** What a browser's parser makes of a text: the text of the elements that a selector finds, or the values of an attribute of theirs. */
  async function read(
    text: string,
    type: string,
    selector: string,
    attribute: string | null
  ): Promise<(string | null)[]> {
    // Types of the browser are not those of this program.
    return page.evaluate(
      ([source, mime, select, name]) => {
        // biome-ignore lint/suspicious/noExplicitAny: the globals of a page
        const { DOMParser } = globalThis as any;
        const parsed = new DOMParser().parseFromString(source, mime);
        if (parsed.querySelector('parsererror')) return [`broken: ${parsed.documentElement.textContent}`];
        // biome-ignore lint/suspicious/noExplicitAny: an element of a page
        const found: any[] = [...parsed.querySelectorAll(select)];
        return found.map((element) => (name ? element.getAttribute(name) : element.textContent));
      },
      [text, type, selector, attribute] as const
    );
  }
  const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

  test.each(NAMES)('says the name %j in JUnit XML, HTML, Markdown and JSON', async (name) => {
    const report = await reportOf(name);
    const junit = reportJunit(report);
    expect(await read(junit, 'application/xml', 'testsuite', 'name')).toEqual([`evenkeel ${name}`]);
    expect(new Set(await read(junit, 'application/xml', 'testcase', 'classname'))).toEqual(
      new Set([`evenkeel.${name}`])
    );
    const html = reportHtml(report);
    expect((await read(html, 'text/html', 'title', null)).join()).toContain(name.trim());
    expect(await read(html, 'text/html', 'script, a, img, iframe', null)).toEqual([]);
    const markdown = marked.parse(reportMarkdown(report));
    const [title] = await read(markdown, 'text/html', 'h1', null);
    expect(squeezed(title!)).toBe(squeezed(`${name}: BALANCED`));
    expect(await read(markdown, 'text/html', 'script, a, img, b, em, del, code', null)).toEqual([]);
    expect(await read(markdown, 'text/html', 'h1', null)).toHaveLength(1);
    expect(olderYaml.load(JSON.stringify(report, null, 1))).toEqual(JSON.parse(JSON.stringify(report)));
  });
});

test.each(BODIES)('a body %j comes out of an older YAML parser as it went in', (body) => {
  const scenario = scenarioSchema.parse({ name: 'n', load, request: { method: 'POST', body } });
  expect(olderYaml.load(formatScenarioText(scenario, 'yaml'))).toMatchObject({ request: { body } });
});
