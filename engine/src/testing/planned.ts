import { scenarioSchema } from '@evenkeel/contract/scenario';
import { parseTargetUrl } from '@evenkeel/contract/targetUrl';
import { type RequestPlan, requestPlan } from '../requestPlan.ts';
import type { WrittenRequest } from './requestCorpus.ts';

const LOAD = { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 10 }] };

/** The plan of a written request, through everything that reads what people write; its connections go to this port of this machine. */
export function planned(
  { target, request }: Pick<WrittenRequest, 'target' | 'request'>,
  port: number,
  protocol: RequestPlan['protocol'] = 'http/1.1'
): RequestPlan {
  const destination = {
    url: parseTargetUrl(target.replace('://@', `://127.0.0.1:${port}`)),
    addresses: ['127.0.0.1'],
    allowedNetworks: ['127.0.0.0/8'],
    trustedCertificates: [],
    protocol,
    maxHeadBytes: 16_384,
  };
  const scenario = scenarioSchema.parse({ name: 'a', load: LOAD, ...(request ? { request } : {}) });
  return { ...requestPlan(destination, scenario.request, { header: 'x-evenkeel-pod' }, 'run-1', '0'), port };
}
