/** Uid of the provisioned dashboard "Run in detail". */
const RUN_DASHBOARD = 'evenkeel-run';
/** Metrics are scraped a little later than they happen. */
const MARGIN_MS = 15_000;

/** Address of Grafana's dashboard over exactly this run; null for a run that never began. */
export function dashboardPath(run: {
  readonly startedAt: number | null;
  readonly endedAt: number | null;
  readonly target: { readonly id: string };
}): string | null {
  if (run.startedAt === null) return null;
  const to = run.endedAt === null ? 'now' : String(run.endedAt + MARGIN_MS);
  const query = new URLSearchParams({ from: String(run.startedAt - MARGIN_MS), to, 'var-target': run.target.id });
  return `/d/${RUN_DASHBOARD}?${query}`;
}
