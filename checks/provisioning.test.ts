import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type AlertRule,
  alertGroups,
  alertRules,
  conditionOf,
  type Dashboard,
  dashboardQueries,
  dashboards,
  json,
  type Panel,
  queriesOf,
  root,
  text,
  yaml,
} from './grafanaFiles.ts';
import { knownMetrics } from './knownMetrics.ts';
import { metricNames } from './promql.ts';

const DATA_SOURCE = 'evenkeel-prometheus';
/** Panels of Grafana's core. What needed AngularJS (graph, singlestat, table-old) is gone from it. */
const PANEL_TYPES = 'row timeseries stat table barchart bargauge heatmap state-timeline alertlist'.split(' ');

const manifest = json('plugin.json') as {
  id: string;
  includes: { path: string }[];
  routes: { url: string; headers?: { content: string }[] }[];
};

const all = dashboards();
const cases = all.map((dashboard): [string, Dashboard] => [dashboard.uid, dashboard]);
const panelsOf = ({ panels }: Dashboard) => panels.filter(({ type }) => type !== 'row');
const duplicates = (values: readonly unknown[]) => values.filter((value, index) => values.indexOf(value) !== index);

describe('dashboards', () => {
  test('there are the three, each once', () => {
    expect(all.map(({ uid }) => uid).sort()).toEqual(['evenkeel-overview', 'evenkeel-run', 'evenkeel-service']);
    expect(duplicates(all.map(({ title }) => title))).toEqual([]);
  });

  test.each(cases)('%s is classic JSON that Grafana can provision', (_, dashboard) => {
    expect(dashboard).toMatchObject({ id: null, schemaVersion: 42, tags: ['evenkeel'] });
    expect(dashboard.description).not.toBe('');
    expect(dashboard).not.toHaveProperty('apiVersion');
    expect(dashboard).not.toHaveProperty('spec');
  });

  test.each(cases)('%s has unique panels of known types, each with a description', (_, { panels }) => {
    expect(duplicates(panels.map(({ id }) => id))).toEqual([]);
    expect(panels.map(({ type }) => type).filter((type) => !PANEL_TYPES.includes(type))).toEqual([]);
    const undescribed = panels.filter(({ type, description }) => type !== 'row' && !/\w.*\.$/.test(description ?? ''));
    expect(undescribed.map(({ title }) => title)).toEqual([]);
  });

  test.each(cases)('%s fills a grid of 24 columns without gaps or overlaps', (_, { panels }) => {
    const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h));
    const covered = Array.from({ length: height }, () => new Array<number>(24).fill(0));
    for (const { gridPos, title } of panels) {
      expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
      for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) covered[y]![x]!++;
      }
    }
    expect(
      covered.flatMap((row, y) => (row.every((count) => count === 1) ? [] : [`row ${y}: ${row.join('')}`]))
    ).toEqual([]);
  });

  test.each(cases)('%s sets a unit and thresholds on every panel, and sorts its tables', (_, dashboard) => {
    const problems = panelsOf(dashboard)
      .filter(({ type }) => type !== 'alertlist')
      .flatMap((panel) => styleProblems(panel).map((problem) => `${panel.title}: ${problem}`));
    expect(problems).toEqual([]);
  });

  test.each(cases)('%s asks through the data source variable only, with variables that it has', (_, dashboard) => {
    const targets = [
      ...dashboard.panels.flatMap(({ targets = [] }) => targets),
      ...dashboard.annotations.list.flatMap(({ target }) => target ?? []),
    ];
    expect(
      targets.filter(({ datasource }) => datasource.uid !== `\${datasource}` || datasource.type !== 'prometheus')
    ).toEqual([]);
    for (const { targets = [], title } of dashboard.panels) {
      expect([title, duplicates(targets.map(({ refId }) => refId))]).toEqual([title, []]);
    }
    const builtIn = ['__rate_interval', '__range', '__interval', '__value', '__url_time_range', '__all'];
    const own = dashboard.templating.list.map(({ name }) => name);
    const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!);
    expect(used.filter((name) => ![...builtIn, ...own].includes(name))).toEqual([]);
    expect(own.filter((name) => !used.includes(name))).toEqual([]);
  });

  test.each(cases)('%s links to its sisters and to pages that the plugin has', (_, { links, panels }) => {
    expect(links.filter(({ type }) => type === 'dashboards')).toHaveLength(1);
    const pages = manifest.includes.map(({ path }) => path.replace('%PLUGIN_ID%', manifest.id));
    const urls = links.filter(({ type }) => type === 'link').map(({ url }) => url);
    expect(urls).toHaveLength(3);
    expect(urls.filter((url) => !pages.includes(url))).toEqual([]);
    const toDashboards = [...JSON.stringify(panels).matchAll(/"\/d\/([\w-]+)/g)].map(([, uid]) => uid!);
    expect(toDashboards.filter((uid) => !all.some((dashboard) => dashboard.uid === uid))).toEqual([]);
  });

  test('every metric that a query names is one that the service exports', async () => {
    const known = await knownMetrics();
    const variables = all.flatMap(({ uid, templating }) =>
      templating.list.flatMap(({ definition }) =>
        definition ? [{ where: `${uid} variable`, expr: /label_values\((.*), \w+\)/.exec(definition)![1]! }] : []
      )
    );
    const queries = [...dashboardQueries(), ...variables];
    expect(queries.length).toBeGreaterThan(80);
    const unknown = queries.flatMap(({ where, expr }) =>
      metricNames(expr)
        .filter((name) => !known.has(name))
        .map((name) => `${where}: ${name}`)
    );
    expect(unknown).toEqual([]);
    expect(queries.filter(({ expr }) => metricNames(expr).length === 0)).toEqual([]);
  });

  test.each(cases)('the documentation says of every panel of %s what the panel says of itself', (_, dashboard) => {
    const [, section] = text('docs/dashboards.md').split(`## ${dashboard.title}\n`);
    const lines = section!.split('\n## ')[0]!.split('\n');
    const rows = panelsOf(dashboard)
      .toSorted((a, b) => a.gridPos.y - b.gridPos.y || a.gridPos.x - b.gridPos.x)
      .map(({ title, description }) => `| **${title}** | ${description} |`);
    expect(lines.filter((line) => line.startsWith('| **'))).toEqual(rows);
  });

  test.each(cases)('no two panels of %s have the same title', (_, dashboard) => {
    expect(duplicates(panelsOf(dashboard).map(({ title }) => title))).toEqual([]);
  });
});

/** The panels that show the balance score: what is enough is a setting, so no figure of their own may say it. */
describe('the target of the balance on the dashboards', () => {
  const TARGET_METRIC = 'evenkeel_balance_target_percent';
  const scorePanels = all.flatMap(({ uid, panels }) =>
    panels
      .filter(({ targets = [] }) => targets.some(({ expr }) => expr.includes('evenkeel_balance_score')))
      .map((panel): [string, Panel] => [`${uid}: ${panel.title}`, panel])
  );

  test('there is something to check', () => {
    expect(scorePanels.map(([, { type }]) => type).sort()).toEqual([
      'stat',
      'stat',
      'table',
      'timeseries',
      'timeseries',
    ]);
  });

  test.each(scorePanels)(
    '%s takes it from the metric',
    (_, { type, targets = [], transformations = [], fieldConfig }) => {
      const asked = targets.filter(({ expr }) => expr.includes(TARGET_METRIC));
      expect(asked).toHaveLength(1);
      const { refId, legendFormat } = asked[0]!;
      const { defaults, overrides } = fieldConfig!;
      // The colour below every step.
      expect(defaults.thresholds!.steps).toHaveLength(1);

      const overridden = (name: string) => overrides.find(({ matcher }) => matcher.options === name)?.properties ?? [];
      if (type === 'timeseries') {
        const style = overridden(legendFormat!).find(({ id }) => id === 'custom.lineStyle');
        expect(style?.value).toMatchObject({ fill: 'dash' });
      } else if (type === 'stat') {
        expect(transformations).toEqual([
          {
            id: 'configFromData',
            options: {
              configRefId: refId,
              applyTo: { id: 'byType', options: 'number' },
              mappings: [
                {
                  fieldName: legendFormat,
                  handlerKey: 'threshold1',
                  handlerArguments: { threshold: { color: 'green' } },
                },
              ],
            },
          },
          // Without a run the target is all that there is, and would stand there as the score.
          { id: 'filterByRefId', options: { exclude: refId } },
        ]);
      } else {
        const { renameByName } = transformations.at(-1)!.options as { renameByName: Record<string, string> };
        expect(renameByName[`Value #${refId}`]).toBe('Target score');
        expect(overridden('Score').map(({ id }) => id)).not.toContain('thresholds');
      }
    }
  );
});

function styleProblems({ type, fieldConfig, options, targets = [] }: Panel): string[] {
  const { unit, thresholds, noValue, mappings = [] } = fieldConfig!.defaults;
  const ofNothing = mappings.find(({ options: { match } }) => match === 'null+nan')?.options.result?.text;
  const mayBeNothing = targets.some(({ expr }) => !expr.endsWith('or vector(0)'));
  const legend = options?.legend as { displayMode?: string; sortBy?: string; calcs?: string[] } | undefined;
  const seriesLegend = type === 'timeseries' && legend?.displayMode === 'table';
  return [
    ...(unit ? [] : ['has no unit']),
    ...(thresholds && thresholds.steps.length > 0 ? [] : ['has no thresholds']),
    ...(seriesLegend && !(legend?.sortBy && legend.calcs && legend.calcs.length > 0) ? ['has an unsorted legend'] : []),
    ...(type === 'stat' && !noValue ? ['does not say what no value means'] : []),
    // Without it "no run" would stand there in the colour of the lowest score.
    ...(type === 'stat' &&
    mayBeNothing &&
    /^(red|orange)$/.test(thresholds?.steps[0]?.color ?? '') &&
    ofNothing !== noValue
      ? ['shows no value in the colour of a bad one']
      : []),
    ...(type === 'table' && !(options?.sortBy as unknown[] | undefined)?.length ? ['is not sorted'] : []),
  ];
}

describe('the names of metrics in an expression', () => {
  test.each([
    ['sum by (le, pod) (rate(a_bucket{x="b_total{"}[1m])) / on (pod) group_left () c_total', ['a_bucket', 'c_total']],
    ['time() - max(a:b:c) and x == 1 unless y offset 5m', ['a:b:c', 'x', 'y']],
    ['histogram_quantile(0.99, a) or vector(0)', ['a']],
    ['topk(20, max_over_time(abs(a / (b > 0) - 1)[$__range:30s] @ end()))', ['a', 'b']],
    ['1e3 * a', ['a']],
  ])('%s', (expr, names) => {
    expect(metricNames(expr).sort()).toEqual(names);
  });
});

describe('alert rules', () => {
  const rules = alertRules();
  const ruleCases = rules.map((rule): [string, AlertRule] => [rule.uid, rule]);

  test('there are the eight, each once, in the folder of the dashboards', () => {
    expect(rules.map(({ uid }) => uid).sort()).toEqual([
      'evenkeel-balance-low',
      'evenkeel-error-rate-high',
      'evenkeel-fault-left-active',
      'evenkeel-generator-saturated',
      'evenkeel-latency-high',
      'evenkeel-no-ready-pods',
      'evenkeel-run-stuck',
      'evenkeel-service-down',
    ]);
    expect(duplicates(rules.map(({ title }) => title))).toEqual([]);
    const provider = (yaml('provisioning/dashboards/evenkeel.yaml') as { providers: { folder: string }[] })
      .providers[0]!;
    expect(alertGroups().map(({ folder }) => folder)).toEqual([provider.folder, provider.folder]);
  });

  test.each(ruleCases)('%s compares an instant query with a number, or with a second one', (_, rule) => {
    const queries = rule.data.slice(0, -1);
    const comparison = rule.data.at(-1)!;
    expect(Object.keys(queriesOf(rule))).toEqual(['A', 'B'].slice(0, queries.length));
    for (const { refId, datasourceUid, relativeTimeRange, model } of queries) {
      expect([datasourceUid, model.refId, model.instant]).toEqual([DATA_SOURCE, refId, true]);
      expect(relativeTimeRange.from).toBeGreaterThan(0);
    }
    expect(comparison).toMatchObject({ refId: rule.condition, datasourceUid: '__expr__' });
    const { refId, type, expression, conditions = [] } = comparison.model;
    expect([refId, type]).toEqual([rule.condition, queries.length === 1 ? 'threshold' : 'math']);
    expect(expression).toMatch(queries.length === 1 ? /^A$/ : /^\$A [<>] \$B$/);
    expect(conditions.map(({ evaluator }) => /^(gt|lt)$/.test(evaluator.type))).toEqual(
      queries.length === 1 ? [true] : []
    );
  });

  test('a balance is compared with what is asked of that target, and the text says how much that is', () => {
    const rule = rules.find(({ uid }) => uid === 'evenkeel-balance-low')!;
    expect(queriesOf(rule).B).toBe('max by (target) (evenkeel_balance_target_percent)');
    expect(rule.annotations.description).toContain('{{ printf "%g" $values.B.Value }} %');
    const limits = /evenkeel_balance_score\w*\W[^<>]*[<>]=? *\d/;
    expect(rules.map(conditionOf).filter((condition) => limits.test(condition))).toEqual([]);
  });

  test.each(ruleCases)('%s leads to a panel that exists and to a runbook', (_, rule) => {
    const { dashboardUid, panelId, annotations } = rule;
    const panel = all.find(({ uid }) => uid === dashboardUid)?.panels.find(({ id }) => id === panelId);
    expect(panel?.type).toMatch(/timeseries|stat|timeline/);
    expect(annotations).toMatchObject({ __dashboardUid__: dashboardUid, __panelId__: String(panelId) });
    const page = annotations.runbook_url!.replace(`\${EVENKEEL_RUNBOOKS_URL}/`, 'docs/runbooks/');
    expect(page).toBe(`docs/runbooks/${rule.uid.replace('evenkeel-', '')}.md`);
    expect(existsSync(join(root, page))).toBe(true);
  });

  test.each(ruleCases)(
    '%s says what it is, in text that Grafana leaves alone',
    (_, { labels, annotations, ...rule }) => {
      expect(labels.app).toBe('evenkeel');
      expect(['critical', 'warning']).toContain(labels.severity);
      // Grafana reads a plain $ in a label as a variable of the environment, and in an annotation one in braces.
      expect(Object.values(labels).filter((value) => value.includes('$'))).toEqual([]);
      const { runbook_url: runbook, ...texts } = annotations;
      expect(runbook).toBeDefined();
      expect(Object.values(texts).filter((value) => value.includes(`\${`))).toEqual([]);
      expect(texts.summary).not.toBe('');
      expect(texts.description).toMatch(/\.$/);
      expect(rule.noDataState).toMatch(/^(OK|Alerting)$/);
      expect(rule.execErrState).toMatch(/^(KeepLast|Alerting)$/);
    }
  );

  test('one rule alone speaks up when there is no data or no Prometheus', () => {
    const loud = rules.filter((rule) => rule.noDataState === 'Alerting' || rule.execErrState === 'Alerting');
    expect(loud.map(({ uid }) => uid)).toEqual(['evenkeel-service-down']);
  });

  test.each(ruleCases)('%s reads metrics that exist', async (_, rule) => {
    const known = await knownMetrics();
    expect(metricNames(conditionOf(rule)).filter((name) => !known.has(name))).toEqual([]);
  });

  test('no policy tree and no contact point is provisioned: they would replace those of the organisation', () => {
    expect(readdirSync(join(root, 'provisioning/alerting'))).toEqual(['evenkeel.yaml']);
    expect(Object.keys(yaml('provisioning/alerting/evenkeel.yaml') as object)).toEqual(['apiVersion', 'groups']);
  });

  test('every runbook belongs to an alert and says what to look at (panels that exist) and what to do', () => {
    const pages = readdirSync(join(root, 'docs/runbooks')).filter((name) => name !== 'README.md');
    expect(pages.sort()).toEqual(rules.map(({ uid }) => `${uid.replace('evenkeel-', '')}.md`).sort());
    for (const page of pages) {
      const headings = [...text(`docs/runbooks/${page}`).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
      const titles = all.flatMap(({ panels }) => panels.map(({ title }) => title));
      const named = [...text(`docs/runbooks/${page}`).matchAll(/\*\*([^*]+)\*\*/g)].map(([, title]) => title!);
      expect(named.filter((title) => !titles.includes(title))).toEqual([]);
      expect([page, headings]).toEqual([page, ['What it means', 'Look here first', 'What to do', 'When it is wrong']]);
    }
  });
});

describe('the rules for Prometheus', () => {
  interface PrometheusRule {
    alert?: string;
    record?: string;
    expr: string;
    for?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  }
  interface PrometheusGroup {
    name: string;
    interval: string;
    rules: PrometheusRule[];
  }
  const groupsOf = (file: string) =>
    (yaml(`provisioning/prometheus/rules/${file}`) as { groups: PrometheusGroup[] }).groups;

  test('the alerts are those of Grafana', () => {
    expect(groupsOf('alerts.yml')).toEqual(
      alertGroups().map(({ name, interval, rules }) => ({ name, interval, rules: rules.map(asPrometheusRule) }))
    );
  });

  test('the recording rules build on metrics and on each other', async () => {
    const recording = groupsOf('recording.yml').flatMap(({ rules }) => rules);
    const known = new Set([...(await knownMetrics()), ...recording.map(({ record }) => record!)]);
    expect(recording.flatMap(({ expr }) => metricNames(expr)).filter((name) => !known.has(name))).toEqual([]);
    expect(recording.filter(({ record }) => !/^[a-z_]+:evenkeel_[a-z_]+:[a-z0-9_]+$/.test(record!))).toEqual([]);
  });

  test('the job has the name that rules and dashboards look for', () => {
    const { scrape_configs: jobs } = yaml('provisioning/prometheus/prometheus.yml') as {
      scrape_configs: { job_name: string }[];
    };
    const names = jobs.map(({ job_name: name }) => name);
    const used = [...dashboardQueries(), ...alertRules().map((rule) => ({ expr: conditionOf(rule) }))].flatMap(
      ({ expr }) => [...expr.matchAll(/job="([^"]+)"/g)].map(([, job]) => job!)
    );
    expect(new Set(used)).toEqual(new Set(['evenkeel']));
    expect(names).toContain('evenkeel');
  });

  /** A template of Prometheus knows one value, the left of the comparison; what it was compared with has to be asked for. */
  function asPrometheusText(text: string, { B = '' }: Record<string, string>): string {
    const [metric] = metricNames(B);
    return text
      .replaceAll('$values.A.Value', '$value')
      .replace(
        '{{ printf "%g" $values.B.Value }}',
        `{{ with printf "${metric}{target=%q}" $labels.target | query }}{{ . | first | value | printf "%g" }}{{ end }}`
      );
  }

  function asPrometheusRule(rule: AlertRule): PrometheusRule {
    const { summary, description, runbook_url: runbook } = rule.annotations;
    const words = rule.uid.split('-').map((word) => word[0]!.toUpperCase() + word.slice(1));
    return {
      alert: words.join(''),
      expr: conditionOf(rule),
      for: rule.for,
      labels: rule.labels,
      annotations: {
        summary: summary!,
        description: asPrometheusText(description!, queriesOf(rule)),
        runbook: runbook!.replace(`\${EVENKEEL_RUNBOOKS_URL}`, 'docs/runbooks'),
        dashboard: `/d/${rule.dashboardUid}?viewPanel=${rule.panelId}`,
      },
    };
  }
});

describe('the app and the data source', () => {
  test('the app is the plugin, with the settings that its routes read', () => {
    const { apps } = yaml('provisioning/plugins/apps.yaml') as {
      apps: { type: string; org_id: number; jsonData: object; secureJsonData: object }[];
    };
    expect(apps).toHaveLength(1);
    expect(apps[0]).toMatchObject({ type: manifest.id, org_id: 1, disabled: false });
    const templates = manifest.routes
      .flatMap(({ url, headers = [] }) => [url, ...headers.map(({ content }) => content)])
      .join(' ');
    const read = (kind: string) => [
      ...new Set([...templates.matchAll(new RegExp(`\\.${kind}\\.(\\w+)`, 'g'))].map(([, key]) => key)),
    ];
    expect(Object.keys(apps[0]!.jsonData)).toEqual(read('JsonData'));
    expect(Object.keys(apps[0]!.secureJsonData)).toEqual(read('SecureJsonData'));
  });

  test('the data source has the uid that everything refers to', () => {
    const { datasources } = yaml('provisioning/datasources/prometheus.yaml') as { datasources: object[] };
    expect(datasources).toHaveLength(1);
    expect(datasources[0]).toMatchObject({ uid: DATA_SOURCE, type: 'prometheus', isDefault: false, access: 'proxy' });
    for (const { templating } of all) {
      const variable = templating.list.find(({ type }) => type === 'datasource') as
        | { current?: { value?: string } }
        | undefined;
      expect(variable?.current?.value).toBe(DATA_SOURCE);
    }
  });

  test('dashboards step at the rate at which Prometheus scrapes', () => {
    const { global } = yaml('provisioning/prometheus/prometheus.yml') as { global: { scrape_interval: string } };
    const { datasources } = yaml('provisioning/datasources/prometheus.yaml') as { datasources: { jsonData: object }[] };
    expect(datasources[0]!.jsonData).toMatchObject({ timeInterval: global.scrape_interval });
  });
});
