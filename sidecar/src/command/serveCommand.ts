export async function serveCommand(..._: unknown[]): Promise<number> {
  return 0;
}
