import type { LoadEngine, LoadHandle, LoadPlan, LoadSecond } from '@evenkeel/core/run/loadEngine';

/** The same engine, with somebody who sees every second before the run does. */
export function observedLoadEngine(engine: LoadEngine, see: (second: LoadSecond) => void): LoadEngine {
  return {
    async start(plan: LoadPlan): Promise<LoadHandle> {
      const handle = await engine.start(plan);
      return {
        onSecond: (listener) =>
          handle.onSecond((second) => {
            see(second);
            listener(second);
          }),
        onPhase: (listener) => handle.onPhase(listener),
        acceptPods: (pods) => handle.acceptPods(pods),
        stop: () => handle.stop(),
        abort: () => handle.abort(),
        ended: handle.ended,
      };
    },
  };
}
