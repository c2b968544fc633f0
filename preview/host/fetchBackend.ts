import type { BackendSrv, BackendSrvRequest, FetchError, FetchResponse } from '@grafana/runtime';
import { from, lastValueFrom, type Observable } from 'rxjs';

async function readBody(response: Response, type: BackendSrvRequest['responseType']): Promise<unknown> {
  if (type === 'blob') return response.blob();
  if (type === 'arraybuffer') return response.arrayBuffer();
  const text = await response.text();
  if (type === 'text') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function send<T>(config: BackendSrvRequest): Promise<FetchResponse<T>> {
  const url = new URL(config.url, document.baseURI);
  for (const [name, value] of Object.entries(config.params ?? {})) {
    if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
  }
  const hasBody = config.data !== undefined && config.data !== null;
  const response = await fetch(url, {
    method: config.method ?? 'GET',
    headers: { ...(hasBody ? { 'content-type': 'application/json' } : {}), ...config.headers },
    body: hasBody ? JSON.stringify(config.data) : undefined,
    signal: config.abortSignal,
  });
  const data = (await readBody(response, config.responseType)) as T;
  const { ok, status, statusText, headers, redirected, type } = response;
  if (ok) return { ok, status, statusText, headers, redirected, type, url: response.url, config, data };
  const error: FetchError<T> = { status, statusText, data, config };
  throw error;
}

/** Grafana's backend service over plain fetch: same requests, same error shape, no toasts. */
export function fetchBackend(): BackendSrv {
  const fetchData = <T>(config: BackendSrvRequest) => from(send<T>(config)) as Observable<FetchResponse<T>>;
  const ask = async <T>(config: BackendSrvRequest) => (await lastValueFrom(fetchData<T>(config))).data;
  const unavailable = () => {
    throw new Error('not available in the preview');
  };
  return {
    get: (url, params, _requestId, options) => ask({ ...options, method: 'GET', url, params }),
    delete: (url, data, options) => ask({ ...options, method: 'DELETE', url, data }),
    post: (url, data, options) => ask({ ...options, method: 'POST', url, data }),
    put: (url, data, options) => ask({ ...options, method: 'PUT', url, data }),
    patch: (url, data, options) => ask({ ...options, method: 'PATCH', url, data }),
    request: ask,
    fetch: fetchData,
    datasourceRequest: unavailable,
    chunked: unavailable,
  };
}
