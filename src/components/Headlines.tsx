import { Alert } from '@grafana/ui';

/** What a reader must know before the balance: the first sentence as the title, the others below it. */
export function Headlines({ sentences }: { sentences: readonly string[] }) {
  const [first, ...others] = sentences;
  if (first === undefined) return null;
  return (
    <Alert severity="error" title={first}>
      {others.map((sentence) => (
        <div key={sentence}>{sentence}</div>
      ))}
    </Alert>
  );
}
