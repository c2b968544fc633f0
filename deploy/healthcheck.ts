/** Exits 0 when the URL in the first argument answers with a success, 1 otherwise: a health check for images without curl. */
const TIMEOUT_MS = 2500;

const answers = await fetch(process.argv[2]!, { signal: AbortSignal.timeout(TIMEOUT_MS) }).then(
  (response) => response.ok,
  () => false
);
process.exit(answers ? 0 : 1);
