import { idleMetrics } from './recordedRun.ts';

/** Made by Prometheus itself for each target that it scrapes. */
const OF_EACH_SCRAPE = ['up', 'scrape_duration_seconds', 'scrape_samples_scraped'];

/** Every metric name that a dashboard or a rule may use, recording rules apart. */
export async function knownMetrics(): Promise<ReadonlySet<string>> {
  const { body } = await idleMetrics().scrape();
  const exported = [...[...body].join('').matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name, type]) =>
    type === 'histogram' ? ['_bucket', '_sum', '_count'].map((suffix) => `${name}${suffix}`) : [name!]
  );
  return new Set([...exported, ...OF_EACH_SCRAPE]);
}
