/** 128 random bits as text. `crypto.randomUUID` exists only in secure contexts, and Grafana is often served by plain HTTP. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
