/** What is wrong with a service URL as typed; null when nothing is. Grafana's proxy says only "502" to most of these. */
export function serviceUrlProblem(text: string): string | null {
  const typed = text.trim();
  if (typed === '') return 'Enter the address at which Grafana reaches the service, for example http://evenkeel:8787';
  if (!/^https?:\/\//i.test(typed)) return 'Begin with http:// or https://; without it Grafana cannot connect';
  let url: URL;
  try {
    url = new URL(typed);
  } catch {
    return 'This is not an address; write for example http://evenkeel:8787';
  }
  if (url.username || url.password) return 'Leave out user name and password; the token below is what signs in';
  if (url.search || url.hash) return 'Leave out everything from ? or # on';
  if (/\/api\/v\d+\/?$/.test(url.pathname)) return 'Leave out /api/v1; the plugin adds it';
  return null;
}
