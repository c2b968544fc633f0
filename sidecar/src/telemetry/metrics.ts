import { VERDICTS } from '@evenkeel/contract/balance';
import { GENERATOR_STATES } from '@evenkeel/contract/generator';
import { MAX_PODS } from '@evenkeel/contract/limits';
import type { Report } from '@evenkeel/contract/report';
import type { Run } from '@evenkeel/contract/run';
import type { Sample } from '@evenkeel/contract/sample';
import { targetPercentOf } from '@evenkeel/contract/targetPercent';
import type { LoadSecond } from '@evenkeel/core/run/loadEngine';
import type { KnownTarget, TargetCatalog } from '@evenkeel/core/targets/targetCatalog';
import { collectDefaultMetrics, Registry } from 'prom-client';
import type { RunObserver } from '../runs/ports/runObserver.ts';
import { Exposition, labelText } from './exposition.ts';
import { FaultSeries } from './faultSeries.ts';
import { KnownSeries } from './knownSeries.ts';
import { writePods } from './podFamilies.ts';
import { TargetSeries } from './targetSeries.ts';

/** Gauges with the name of a counter, which promtool refuses; each is the sum of one that has the right name. */
const ILL_NAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

/** A target of the catalog at a scrape. */
interface ScrapedTarget {
  readonly series: TargetSeries;
  readonly balance: Sample['balance'] | null;
  /** Score from which its balance counts as balanced. */
  readonly targetPercent: number;
}

const TEXT_FORMAT = 'text/plain; version=0.0.4; charset=utf-8';

interface MetricsParts {
  /** They may begin to be taken back before there are any other metrics. */
  readonly faults?: FaultSeries;
  /** The machine's clock, by which times are exported. */
  readonly wall?: () => number;
  /** Those of the service's own server. */
  readonly connections?: { readonly open: number; readonly dropped: number };
}

/**
 * What Prometheus scrapes. Follows all runs, and asks the catalog for pods at each scrape. The label values are bounded: targets are
 * configured, pods are listed ones (a thousand for each target, the rest is `other`), and no run id is ever a label.
 */
export class Metrics implements RunObserver {
  readonly #targets: TargetCatalog;
  readonly #now: () => number;
  readonly #wall: () => number;
  readonly #series = new Map<string, TargetSeries>();
  readonly #connections: MetricsParts['connections'] | null;
  readonly #known = new KnownSeries();
  readonly #process = new Registry();
  /** Follows all faults; they may begin to be taken back before there are any other metrics. */
  readonly faults: FaultSeries;

  /** `now` only goes forward. */
  constructor(targets: TargetCatalog, now: () => number, parts: MetricsParts = {}) {
    this.#targets = targets;
    this.#now = now;
    this.#wall = parts.wall ?? now;
    this.#connections = parts.connections ?? null;
    this.faults = parts.faults ?? new FaultSeries();
    collectDefaultMetrics({ register: this.#process });
    for (const name of ILL_NAMED) this.#process.removeSingleMetric(name);
  }

  runStarted(run: Run): void {
    this.#of(run.target.id).started(run, this.#now());
  }

  second(run: Run, second: LoadSecond): void {
    this.#of(run.target.id).second(second, this.#now());
  }

  sample(run: Run, sample: Sample): void {
    this.#of(run.target.id).sample(sample);
  }

  runEnded(run: Run, report: Report | null): void {
    this.#of(run.target.id).ended(report?.balance ?? null, this.#now());
  }

  /** The exposition, with its content type. It is made part by part, since a thousand pods have megabytes of series. */
  async scrape(): Promise<{ type: string; body: Iterable<string> }> {
    const process = await this.#process.metrics();
    const own = this.#parts();
    const body = (function* () {
      yield* own;
      yield process;
    })();
    return { type: TEXT_FORMAT, body };
  }

  /** The families of Evenkeel itself, without those of the process. */
  text(): string {
    return [...this.#parts()].join('');
  }

  *#parts(): Generator<string> {
    const out = new Exposition(this.#known);
    const now = this.#now();
    const known = this.#targets.list().map((target) => this.#listed(target, now));
    this.#forgetTargets(known.map(({ series }) => series.target));
    for (const _ of writePods(out, known)) yield out.take();
    this.#writeTargets(out, known);
    this.#writeGenerator(out);
    this.faults.write(out);
    this.#writeConnections(out);
    yield out.take();
  }

  #writeConnections(out: Exposition): void {
    if (!this.#connections) return;
    out.family('evenkeel_api_connections', 'gauge', 'Connections that are open to the service itself.');
    out.series('evenkeel_api_connections', '', this.#connections.open);
    out.family(
      'evenkeel_api_dropped_connections_total',
      'counter',
      'Connections to the service that were closed because there were too many: of a peer, or in all.'
    );
    out.counter('evenkeel_api_dropped_connections_total', '', this.#connections.dropped);
  }

  #of(target: string): TargetSeries {
    let series = this.#series.get(target);
    if (!series) {
      series = new TargetSeries(target);
      this.#series.set(target, series);
    }
    return series;
  }

  #listed({ target, directory }: KnownTarget, now: number) {
    const series = this.#of(target.id);
    const all = directory.list();
    series.forget(all, directory.complete, now);
    const listed = all.slice(0, MAX_PODS);
    series.expect(listed, now);
    return { series, listed, balance: series.balance(now), targetPercent: targetPercentOf(target) };
  }

  #forgetTargets(known: readonly string[]): void {
    for (const [id, { run }] of this.#series) if (run === null && !known.includes(id)) this.#series.delete(id);
  }

  #writeTargets(out: Exposition, known: readonly ScrapedTarget[]): void {
    const gauge = (name: string, help: string, value: (of: Sample['balance']) => number | null) => {
      out.family(name, 'gauge', help);
      for (const { series, balance } of known) {
        const current = balance && value(balance);
        if (current !== null) out.series(name, series.labels, current);
      }
    };
    gauge(
      'evenkeel_balance_score_percent',
      'How evenly requests are spread over the pods of a target, 100 is perfect; corrected for the noise that a fair random balancer shows. The last 60 s of a run, and its final score for a minute after its end.',
      (balance) => balance.scorePercent
    );
    gauge(
      'evenkeel_balance_score_raw_percent',
      'The balance score without the correction for noise: too low when there are few requests per pod.',
      (balance) => balance.rawPercent
    );
    gauge(
      'evenkeel_balance_score_low_percent',
      'Lower end of the 95 % interval of the balance score.',
      (balance) => balance.lowPercent
    );
    gauge(
      'evenkeel_balance_score_high_percent',
      'Upper end of the 95 % interval of the balance score.',
      (balance) => balance.highPercent
    );

    out.family(
      'evenkeel_balance_target_percent',
      'gauge',
      'Score from which the balance of the target counts as balanced, as the settings say; also without a run.'
    );
    for (const { series, targetPercent } of known) {
      out.series('evenkeel_balance_target_percent', series.labels, targetPercent);
    }

    out.family(
      'evenkeel_balance_verdict',
      'gauge',
      '1 for the verdict on the balance of a target now, 0 for the others: balanced, imbalanced, needs-more-data, not-applicable.'
    );
    for (const { series, balance } of known) {
      for (const verdict of balance ? VERDICTS : []) {
        const labels = labelText({ target: series.target, verdict });
        out.series('evenkeel_balance_verdict', labels, balance!.verdict === verdict ? 1 : 0);
      }
    }

    out.family(
      'evenkeel_run_active',
      'gauge',
      '1 while a run loads the target, with the kind of its scenario; 0 with scenario "none" while nothing does.'
    );
    for (const { series } of known) {
      const { run, target } = series;
      out.series('evenkeel_run_active', labelText({ target, scenario: run?.scenario.kind ?? 'none' }), run ? 1 : 0);
    }

    out.family(
      'evenkeel_run_last_progress_timestamp_seconds',
      'gauge',
      'When the last second of a run on the target was counted, as Unix time. A run that is active and makes no progress is stuck.'
    );
    const ahead = this.#wall() - this.#now();
    for (const { series } of known) {
      if (series.progressAt !== null) {
        out.series('evenkeel_run_last_progress_timestamp_seconds', series.labels, (series.progressAt + ahead) / 1000);
      }
    }

    out.family(
      'evenkeel_unattributed_responses_total',
      'counter',
      'Responses that no pod could be found for: the attribution header was missing or named a pod that is not listed.'
    );
    for (const { series } of known)
      out.counter('evenkeel_unattributed_responses_total', series.labels, series.unattributed);

    out.family(
      'evenkeel_dropped_requests_total',
      'counter',
      'Requests that were due and not sent because as many as allowed were in flight.'
    );
    for (const { series } of known) out.counter('evenkeel_dropped_requests_total', series.labels, series.dropped);

    out.family(
      'evenkeel_resent_requests_total',
      'counter',
      'Requests that went out once more because the target had closed their reused connection before any byte of an answer came.'
    );
    for (const { series } of known) out.counter('evenkeel_resent_requests_total', series.labels, series.resent);

    out.family(
      'evenkeel_responses_total',
      'counter',
      'Answers by status code; codes that no standard knows are "other".'
    );
    for (const { series } of known) {
      for (const [labels, count] of series.endings.codes()) out.counter('evenkeel_responses_total', labels, count);
    }

    out.family(
      'evenkeel_request_failures_total',
      'counter',
      'Requests that ended without an answer that could be read, by kind of failure.'
    );
    for (const { series } of known) {
      for (const [labels, count] of series.endings.failures()) {
        out.counter('evenkeel_request_failures_total', labels, count);
      }
    }
  }

  /** Of all active runs the worst: they share one machine. */
  #writeGenerator(out: Exposition): void {
    const active = [...this.#series.values()].flatMap(({ generator }) => (generator ? [generator] : []));
    const worst = Math.max(0, ...active.map(({ state }) => GENERATOR_STATES.indexOf(state)));
    out.family(
      'evenkeel_generator_state',
      'gauge',
      '1 for the state of the load generator: ok, strained, or saturated, in which case what it measures says nothing about the target. The worst of all active runs; ok while there are none.'
    );
    GENERATOR_STATES.forEach((state, i) => {
      out.series('evenkeel_generator_state', `state="${state}"`, i === worst ? 1 : 0);
    });
    out.family(
      'evenkeel_generator_lateness_seconds',
      'gauge',
      'How long after they were due requests were sent, 99th percentile of the last second; the worst of all active runs.'
    );
    const lateness = active.flatMap(({ lateness }) => (lateness.p99 === null ? [] : [lateness.p99]));
    out.series('evenkeel_generator_lateness_seconds', '', Math.max(0, ...lateness) / 1000);
  }
}
