import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import { scenarioSchema } from '@evenkeel/contract/scenario';
import { executeRun } from '../run/runExecution.ts';
import { ScriptedLoadEngine, type ScriptedSecond } from '../run/testing/scriptedLoadEngine.ts';
import { standingClock } from '../run/testing/testClock.ts';
import { escapeMarkup } from './escapeMarkup.ts';
import { reportHtml } from './reportHtml.ts';
import { reportJunit } from './reportJunit.ts';
import { reportMarkdown } from './reportMarkdown.ts';

const HOSTILE = `<script>alert("x")</script> | \`a\` & 'b' ]]> \u0000\ud800`;

async function reportOf(
  podRequests: Record<string, number>,
  name = 'checkout',
  change: Partial<ScriptedSecond> = {},
  stopsAfter: (second: number) => boolean = () => false
): Promise<Report> {
  const pods = Object.fromEntries(
    Object.entries(podRequests).map(([pod, requests]) => [pod, { requests, ms: 5, errors: 1 }])
  );
  const run: Run = {
    id: 'run-1',
    state: 'pending',
    reason: null,
    scenario: {
      ...scenarioSchema.parse({
        name: 'given below, past the schema',
        load: { model: 'rate', stages: [{ from: 400, to: 400, durationSeconds: 20 }] },
        thresholds: [
          { metric: 'p99', op: '<', value: 50 },
          { metric: 'errorRate', op: '<', value: 0.1 },
        ],
      }),
      name,
    },
    target: { id: 't', name, kind: 'url', url: 'http://127.0.0.1:1/', attribution: { header: 'x' }, balancer: name },
    createdAt: 0,
    startedAt: null,
    endedAt: null,
    startedBy: 'test',
    labels: {},
    note: '',
    baseline: false,
  };
  const seconds: ScriptedSecond[] = [
    { phase: 'warming', pods },
    ...Array.from({ length: 10 }, () => ({ pods, ...change })),
  ];
  const execution = executeRun({
    clock: standingClock(Date.now),
    run,
    engine: new ScriptedLoadEngine(seconds),
    directory: { list: () => [], complete: false },
    allowedNetworks: [],
    listener: {
      sample: ({ second }) => stopsAfter(second) && execution.stop(),
      phase() {},
      event() {},
      notice() {},
    },
  });
  return execution.ended;
}

/** Strict enough to notice unescaped text: tags must nest, attributes must be quoted, no stray < or &. */
function assertWellFormed(xml: string): void {
  const open: string[] = [];
  const rest = xml
    .replace(/<\?xml[^>]*\?>/, '')
    .replace(/<(\/?)([\w-]+)((?:\s+[\w:-]+="[^"<]*")*)\s*(\/?)>/g, (_, close, tag, __, empty) => {
      if (close) expect(open.pop()).toBe(tag);
      else if (!empty) open.push(tag);
      return '';
    });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]/);
  expect(rest).not.toMatch(/&(?!amp;|lt;|gt;|quot;|#39;)/);
}

const even = { 'pod-1': 100, 'pod-2': 100, 'pod-3': 100 };

describe('JUnit', () => {
  test('balance and thresholds are cases; a missed one is a failure', async () => {
    const xml = reportJunit(await reportOf(even));
    assertWellFormed(xml);
    expect(xml).toContain('tests="4" failures="2" errors="0" skipped="0"');
    expect(xml).toMatch(/name="balance &gt;= 95" time="11"\/>/);
    expect(xml).toContain('<failure message="measured 1 %"/>');
  });

  test('what could not be judged is skipped, not passed', async () => {
    const xml = reportJunit(await reportOf({ 'pod-1': 2, 'pod-2': 1 }));
    assertWellFormed(xml);
    expect(xml).toMatch(/balance &gt;= 95"[^>]*>\s*<skipped/);
  });

  test('an uneven load is a failure with the sentence', async () => {
    const report = await reportOf({ ...even, 'pod-4': 400 });
    expect(reportJunit(report)).toMatch(/balance &gt;= 95"[^>]*>\s*<failure message="[^"]*pod-4/);
  });

  test('the breakdown by status and kind of failure, and an example of each', async () => {
    const endings = [
      { status: 503, failure: null, outcome: 'http-5xx', count: 3 },
      { status: null, failure: 'bad-chunk', outcome: 'other', count: 2 },
    ] as const;
    const example = { text: HOSTILE.slice(0, 200), address: '10.0.0.1:80', pod: 'pod-1' };
    const xml = reportJunit(await reportOf(even, 'x', { endings, seen: [{ status: 503, failure: null, example }] }));
    assertWellFormed(xml);
    expect(xml).toContain('<property name="requests.http-5xx.503" value="30"/>');
    expect(xml).toContain('<property name="requests.other.bad-chunk" value="20"/>');
    expect(xml).toContain('503 Service Unavailable  30');
    expect(xml).toContain('(pod-1 at 10.0.0.1:80)');
  });

  test('a target that makes up statuses does not fill the report', async () => {
    const endings = Array.from({ length: 800 }, (_, i) => ({
      status: 200 + i,
      failure: null,
      outcome: 'unexpected' as const,
      count: 1 + (i === 0 ? 1 : 0),
    }));
    const report = await reportOf(even, 'x', { endings });
    expect(report.endings).toHaveLength(800);
    const rows = reportMarkdown(report)
      .split('\n')
      .filter((line) => line.includes('unexpected'));
    expect(rows).toHaveLength(20);
    expect(reportMarkdown(report)).toContain('| 780 more | 7,800 |');
  });

  test.each(['passed', 'failed', 'inconclusive'] as const)(
    'a run that %s is a case like the exit code',
    async (conclusion) => {
      const report: Report = { ...(await reportOf(even)), thresholds: [], conclusion, reasons: ['A reason.'] };
      const own = /name="run passes"[^>]*?(\/>|>\s*<(\w+) message="A reason.")/.exec(reportJunit(report))!;
      expect(own[2]).toBe({ passed: undefined, failed: 'failure', inconclusive: 'skipped' }[conclusion]);
    }
  );

  test('a run that was stopped is an error, also when all that it measured was well', async () => {
    const stopped = await reportOf(even, 'checkout', {}, (second) => second === 5);
    expect(stopped.conclusion).toBe('failed');
    const report = { ...stopped, thresholds: [], conclusion: 'inconclusive' as const, reasons: [stopped.run.reason!] };
    const xml = reportJunit(report);
    assertWellFormed(xml);
    expect(xml).toMatch(/<testsuites tests="2" failures="0" errors="1" skipped="0"/);
    expect(xml).toMatch(/name="run passes"[^>]*>\s*<error message="The run was stopped after 6 of 20 s/);
    expect(reportJunit({ ...report, run: { ...report.run, state: 'interrupted', reason: null } })).toContain('<error ');
  });

  test('hostile names stay text', async () => assertWellFormed(reportJunit(await reportOf(even, HOSTILE))));
});

describe('HTML', () => {
  test('is one page without script or anything from elsewhere', async () => {
    const html = reportHtml(await reportOf(even, HOSTILE));
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import/i);
    expect(html).toContain('&lt;script&gt;');
    expect(html).toContain("default-src 'none'");
  });

  test('shows the verdict, a bar per pod and every chart', async () => {
    const html = reportHtml(await reportOf(even));
    expect(html).toContain('BALANCED');
    expect(html.match(/class="bar(?: significant)?"/g)).toHaveLength(3);
    expect(html.match(/<svg /g)).toHaveLength(4);
    expect(html).not.toMatch(/NaN|undefined|Infinity|\[object/);
  });

  test('a report of a run that never began renders too', async () => {
    const report = await executeRun({
      clock: standingClock(Date.now),
      run: (await reportOf(even)).run,
      engine: new ScriptedLoadEngine([], { refuse: 'refused' }),
      directory: { list: () => [], complete: true },
      allowedNetworks: [],
      listener: { sample() {}, phase() {}, event() {}, notice() {} },
    }).ended;
    for (const text of [reportHtml(report), reportMarkdown(report), reportJunit(report)]) {
      expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
      expect(text).toContain('refused');
    }
  });

  test('a thousand pods are drawn as the sixty that matter', async () => {
    const pods = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`pod-${i}`, i === 7 ? 5 : 1]));
    const html = reportHtml(await reportOf(pods));
    expect(html.match(/class="bar(?: significant)?"/g)).toHaveLength(60);
    expect(html).toContain('940 more are in the table');
    expect(html).toContain('<span>pod-7</span>');
  });
});

describe('Markdown', () => {
  test('tables keep their columns whatever the names hold', async () => {
    const markdown = reportMarkdown(await reportOf(even, HOSTILE));
    const rows = markdown.split('\n').filter((line) => line.startsWith('|'));
    const columns = (row: string) => row.replaceAll('\\|', '').split('|').length;
    for (let i = 1; i < rows.length; i++) {
      if (rows[i]!.startsWith('| ---')) expect(columns(rows[i]!)).toBe(columns(rows[i - 1]!));
    }
    expect(markdown).not.toContain('<script>');
    expect(markdown).toContain('BALANCED');
  });
});

describe('markup', () => {
  test('escapeMarkup drops what XML forbids and escapes what it reads', () => {
    expect(escapeMarkup('a\u0000b<c>&"\'\ud800\n😀')).toBe('ab&lt;c&gt;&amp;&quot;&#39;\n😀');
  });
});

test('answers of the warm-up are told beside those that count, so that the figures add up', async () => {
  const report = await reportOf({ a: 100, b: 100 });
  const cold = { ...report, totals: { ...report.totals, warmupCompleted: 0 } };
  expect(reportMarkdown(cold)).not.toContain('more in the warm-up');
  const warmed = { ...report, totals: { ...report.totals, warmupCompleted: 3 } };
  expect(reportMarkdown(warmed)).toContain('cancelled; 3 more in the warm-up, which do not count');
});
