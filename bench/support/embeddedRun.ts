import type { Run } from '@evenkeel/contract/run';
import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import type { RunInput } from '../../core/src/run/runExecution.ts';
import { LoadEngine } from '../../engine/src/loadEngine.ts';
import type { EmbeddedCluster } from '../../lab/src/embeddedCluster.ts';
import { realClock } from '../../sidecar/src/clock/realClock.ts';

/** A run of a scenario against an embedded cluster, for whichever use case executes it; nobody listens. */
export function embeddedRun(cluster: EmbeddedCluster, scenario: ScenarioInput): RunInput {
  const run: Run = {
    id: 'bench',
    state: 'pending',
    reason: null,
    scenario: scenarioSchema.parse(scenario),
    target: {
      id: 'bench',
      name: 'bench',
      kind: 'embedded',
      url: cluster.url,
      attribution: { header: 'x-evenkeel-pod', upstreamHeader: 'x-evenkeel-upstream' },
      balancer: cluster.description,
    },
    createdAt: Date.now(),
    startedAt: null,
    endedAt: null,
    startedBy: 'bench',
    labels: {},
    note: '',
    baseline: false,
  };
  const nothing = () => {};
  return {
    run,
    engine: new LoadEngine(),
    directory: cluster,
    allowedNetworks: ['127.0.0.0/8'],
    clock: realClock(),
    listener: { sample: nothing, phase: nothing, event: nothing, notice: nothing },
  };
}
