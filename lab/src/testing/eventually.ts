/** Waits until `condition` holds; fails the test when it does not within `patienceMs`, which only a busy machine ever needs. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  what: string,
  patienceMs = 60_000
): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!(await condition())) {
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
