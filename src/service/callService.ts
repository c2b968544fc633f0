import { getBackendSrv, isFetchError } from '@grafana/runtime';
import { lastValueFrom } from 'rxjs';
import type { z } from 'zod';
import { ServiceError, serviceFailure, unexpectedAnswer } from './serviceFailure.ts';
import { type ServicePath, servicePath } from './servicePath.ts';

export interface ServiceCall {
  readonly path: ServicePath;
  readonly id?: string;
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Calls the service and returns the text of its answer. Rejects with a ServiceError. */
export async function callServiceForText(call: ServiceCall): Promise<string> {
  try {
    const response = await lastValueFrom(
      getBackendSrv().fetch<string>({
        url: servicePath(call.path, call.id),
        method: call.method ?? 'GET',
        params: call.query,
        data: call.body,
        headers: call.headers,
        abortSignal: call.signal,
        responseType: 'text',
        // Failures are shown where they matter, not in a toast.
        showErrorAlert: false,
        showSuccessAlert: false,
      })
    );
    return response.data;
  } catch (thrown) {
    if (call.signal?.aborted) throw thrown;
    if (isFetchError(thrown)) throw new ServiceError(serviceFailure(thrown.status, thrown.data));
    throw new ServiceError(serviceFailure(0, ''));
  }
}

/** Calls the service and returns its answer as the contract has it. Rejects with a ServiceError. */
export async function callService<T>(schema: z.ZodType<T>, call: ServiceCall): Promise<T> {
  const text = await callServiceForText(call);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new ServiceError(unexpectedAnswer(servicePath(call.path, call.id), 'it is not JSON'));
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const detail = `${issue?.path.join('.') || 'content'} ${issue?.message ?? 'does not fit'}`;
  throw new ServiceError(unexpectedAnswer(servicePath(call.path, call.id), detail));
}
