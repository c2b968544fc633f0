import { idleMetrics } from './recordedRun.ts';

/** Made by Prometheus itself for each target that it scrapes. */
const OF_EACH_SCRAPE = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

/** Named by the design for faults and tuning; they exist from the moment that the service injects or tunes. */
const OF_FAULTS_AND_TUNING = [
  'evenkeel_fault_active',
  'evenkeel_fault_expires_timestamp_seconds',
  'evenkeel_fault_revert_failures_total',
  'evenkeel_tuning_active',
  'evenkeel_tuning_changes_total',
];

/** Every metric name that a dashboard or a rule may use, recording rules apart. */
export async function knownMetrics(): Promise<ReadonlySet<string>> {
  const { body } = await idleMetrics().scrape();
  const exported = [...body.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => `${name}${suffix}`) : [name!]
  );
  return new Set([...exported, ...OF_EACH_SCRAPE, ...OF_FAULTS_AND_TUNING]);
}
