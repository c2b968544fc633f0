import { Alert } from '@grafana/ui';

/** What a reader should know before trusting the figures, in line and all at once; nothing when there is nothing. */
export function Notices({ texts }: { texts: readonly string[] }) {
  const [first, ...others] = new Set(texts);
  if (first === undefined) return null;
  if (others.length === 0) return <Alert severity="warning" title={first} />;
  return (
    <Alert severity="warning" title={`${others.length + 1} things to know before trusting these figures`}>
      <ul style={{ margin: 0, paddingLeft: 16 }}>
        {[first, ...others].map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </Alert>
  );
}
