import type { BalanceScore } from '@evenkeel/contract/balance';
import type { Phase } from '@evenkeel/contract/sample';
import type { PodStatus } from '@evenkeel/contract/target';
import { balanceScore } from '../balance/balanceScore.ts';
import { type BalanceSecond, BalanceWindow } from '../balance/balanceWindow.ts';
import { Eligibility } from '../balance/eligibility.ts';
import { LIVE_SECONDS, LiveWindow } from '../balance/liveWindow.ts';
import type { ConnectionSpread, LoadSecond } from './loadEngine.ts';
import { errorsOf, OK, unansweredOf } from './runTally.ts';

/** Share of measured seconds with a saturated generator past which the rest is too little to vouch for the run. */
export const MAX_SATURATED_SHARE = 0.5;

/** Scores a run while it goes on (over the last minute) and at its end (over everything measured). */
export class RunBalance {
  readonly #targetPercent: number;
  readonly #eligibility = new Eligibility();
  readonly #whole = new BalanceWindow();
  #live = new LiveWindow(LIVE_SECONDS);
  #livePhase: Phase = 'warming';
  #last: BalanceSecond | null = null;
  /** One more window for each length that a threshold on the balance looks over. */
  readonly #threshold: ReadonlyMap<number, LiveWindow>;

  constructor(targetPercent: number, thresholdSeconds: readonly number[]) {
    this.#targetPercent = targetPercent;
    this.#threshold = new Map(thresholdSeconds.map((seconds) => [seconds, new LiveWindow(seconds)]));
  }

  /** Takes one second and returns the live score. The drain counts: its answers belong to measured requests. */
  add(second: LoadSecond, pods: readonly PodStatus[]): BalanceScore {
    const eligible = this.#eligibility.observe(second.second, pods);
    const saturated = second.generator.state === 'saturated';
    const seen = { ...balanceSecond(second, pods, eligible), counts: !saturated };
    this.#last = seen;
    if (second.phase !== 'warming') this.#whole.add(seen);
    if (this.#livePhase === 'warming' && second.phase !== 'warming') this.#live = new LiveWindow(LIVE_SECONDS);
    this.#livePhase = second.phase;
    this.#live.add(seen);
    if (second.phase === 'measuring') {
      for (const window of this.#threshold.values()) window.add(seen);
    }
    return balanceScore(this.#live, { targetPercent: this.#targetPercent, generatorSaturated: saturated });
  }

  /** The second that was added last, as the balance sees it. */
  get lastSecond(): BalanceSecond {
    if (this.#last === null) throw new Error('no second was added yet');
    return this.#last;
  }

  /** Score of the last `seconds` seconds in percent, for a threshold with a window of that length. */
  scoreOver(seconds: number): number | null {
    const window = this.#threshold.get(seconds);
    return window ? balanceScore(window, { targetPercent: this.#targetPercent }).scorePercent : null;
  }

  /** The score of the whole run. */
  final(spread: ConnectionSpread | null, seconds: { measured: number; saturated: number }): BalanceScore {
    return balanceScore(this.#whole, {
      targetPercent: this.#targetPercent,
      spread: spread ?? undefined,
      generatorSaturated: seconds.saturated > MAX_SATURATED_SHARE * seconds.measured,
    });
  }
}

function balanceSecond(
  second: LoadSecond,
  pods: readonly PodStatus[],
  eligible: ReadonlySet<string>
): Omit<BalanceSecond, 'counts'> {
  return {
    unattributed: second.unattributed,
    unanswered: unansweredOf(second),
    pods: pods.map((status) => {
      const counts = second.pods.get(status.pod);
      const errors = counts ? errorsOf(counts.outcomes) : 0;
      return {
        pod: status.pod,
        decisions: counts?.decisions ?? 0,
        served: counts ? errors + counts.outcomes[OK]! : 0,
        errors,
        serviceMicroseconds: counts?.serviceMicroseconds ?? 0,
        weight: status.weight,
        eligible: eligible.has(status.pod),
        ready: status.ready,
      };
    }),
  };
}
