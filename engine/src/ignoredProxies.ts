const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY'];
const EXCEPTIONS = ['NO_PROXY'];

/** One line about the proxies that the environment asks for and load does not use; null when it asks for none. */
export function ignoredProxies(environment: Readonly<Record<string, string | undefined>>): string | null {
  const set = (names: readonly string[]) =>
    names.flatMap((name) => [name, name.toLowerCase()]).filter((name) => environment[name]);
  const proxies = set(PROXIES);
  if (proxies.length === 0) return null;
  const names = [...proxies, ...set(EXCEPTIONS)];
  const [are, them] = names.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return `${names.join(', ')} ${are} set and ignored: load goes straight to the target, since a proxy between would be measured with it. Unset ${them} to be rid of this line.`;
}
