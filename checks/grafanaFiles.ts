import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

export const root = resolve(import.meta.dirname, '..');
export const text = (path: string): string => readFileSync(join(root, path), 'utf8');
export const yaml = (path: string): unknown => parse(text(path), { merge: true });
export const json = (path: string): unknown => JSON.parse(text(path));

export interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
  readonly datasource: { readonly type: string; readonly uid: string };
}

export interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly Target[];
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, unknown> }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly noValue?: string;
      readonly thresholds?: { readonly steps: readonly { readonly color: string }[] };
      readonly mappings?: readonly {
        readonly options: { readonly match?: string; readonly result?: { readonly text: string } };
      }[];
    };
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
  readonly options?: Record<string, unknown>;
}

export interface Dashboard {
  readonly id: number | null;
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly schemaVersion: number;
  readonly panels: readonly Panel[];
  readonly links: readonly { readonly type: string; readonly url: string; readonly title: string }[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly definition?: string }[];
  };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly target?: Target }[] };
}

export const dashboardFiles = (): string[] =>
  readdirSync(join(root, 'provisioning/dashboards')).filter((name) => name.endsWith('.json'));

export const dashboards = (): Dashboard[] =>
  dashboardFiles().map((name) => json(`provisioning/dashboards/${name}`) as Dashboard);

export interface AlertRule {
  readonly uid: string;
  readonly title: string;
  readonly condition: string;
  readonly for: string;
  readonly noDataState: string;
  readonly execErrState: string;
  readonly dashboardUid: string;
  readonly panelId: number;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly data: readonly {
    readonly refId: string;
    readonly datasourceUid: string;
    readonly relativeTimeRange: { readonly from: number; readonly to: number };
    readonly model: {
      readonly refId: string;
      readonly expr?: string;
      readonly instant?: boolean;
      readonly type?: string;
      readonly expression?: string;
      readonly conditions?: readonly { readonly evaluator: { readonly type: string; readonly params: number[] } }[];
    };
  }[];
}

export interface AlertGroup {
  readonly orgId: number;
  readonly name: string;
  readonly folder: string;
  readonly interval: string;
  readonly rules: readonly AlertRule[];
}

export const alertGroups = (): AlertGroup[] =>
  (yaml('provisioning/alerting/evenkeel.yaml') as { groups: AlertGroup[] }).groups;

export const alertRules = (): AlertRule[] => alertGroups().flatMap(({ rules }) => rules);

/** What Prometheus is asked for a rule, by the names that its other parts use. */
export const queriesOf = (rule: AlertRule): Record<string, string> =>
  Object.fromEntries(rule.data.flatMap(({ refId, model: { expr } }) => (expr === undefined ? [] : [[refId, expr]])));

/** The condition of a rule in PromQL: a query compared with a number, or with another query. */
export function conditionOf(rule: AlertRule): string {
  const { conditions, expression } = rule.data.at(-1)!.model;
  const { A, B } = queriesOf(rule);
  if (conditions === undefined) return `(${A}) ${/^\$A ([<>]) \$B$/.exec(expression!)![1]} (${B})`;
  const { type, params } = conditions[0]!.evaluator;
  return `(${A}) ${type === 'gt' ? '>' : '<'} ${params[0]}`;
}

/** A query of a dashboard, and where it stands. */
export interface DashboardQuery {
  readonly where: string;
  readonly expr: string;
  readonly instant: boolean;
}

export const dashboardQueries = (): DashboardQuery[] =>
  dashboards().flatMap(({ uid, panels, annotations }) => [
    ...panels.flatMap(({ id, title, targets = [] }) =>
      targets.map(({ refId, expr, instant = false }) => ({
        where: `${uid}/${id} "${title}" ${refId}`,
        expr,
        instant,
      }))
    ),
    ...annotations.list.flatMap(({ name, target }) =>
      target ? [{ where: `${uid} annotation "${name}"`, expr: target.expr, instant: false }] : []
    ),
  ]);

/** What Grafana puts in place of its variables before Prometheus sees a query. */
export const interpolate = (expr: string, target: string): string =>
  expr
    .replaceAll('$__rate_interval', '1m')
    .replaceAll('$__range', '10m')
    .replaceAll('$__interval', '15s')
    .replaceAll('$target', target)
    .replaceAll('$pod', '.*');
