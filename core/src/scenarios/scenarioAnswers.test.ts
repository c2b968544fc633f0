import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { Histogram } from '../histogram/histogram.ts';
import { gradualRamp, spike, sustained } from './builtinScenarios.ts';
import { type AnswerSecond, faultsOf, ScenarioAnswers } from './scenarioAnswers.ts';

const NONE = { failures: [], doubts: [] };

/** Plays 140 s of a service whose answers take `msAt` milliseconds. */
function play(
  input: ScenarioInput,
  msAt: (second: number) => number,
  change: (second: number) => Partial<AnswerSecond> = () => ({})
) {
  const scenario = scenarioSchema.parse(input);
  const answers = new ScenarioAnswers(scenario);
  const timeline = [];
  for (let second = 0; second < 140; second++) {
    const response = new Histogram();
    // A little spread, or every second would tie with the next.
    for (let i = 0; i < 20; i++) response.record(1000 * msAt(second) + 37 * ((second * 7 + i * 13) % 11));
    const phase = second < scenario.warmupSeconds ? ('warming' as const) : ('measuring' as const);
    const balance = { counts: true, unattributed: 0, unanswered: 0, pods: [] };
    const seen = { second, phase, saturated: false, response, completed: 20, errors: 0, balance, ...change(second) };
    answers.add(seen);
    const p95Ms = response.summary().p95;
    const generator = seen.saturated ? ('saturated' as const) : ('ok' as const);
    timeline.push({ second, seconds: 1, phase: seen.phase, completedRate: 20, errorRate: 0, p95Ms, generator });
  }
  return { answers: answers.answers(timeline), kind: scenario.kind };
}

it('asks a sustained load for drift, from where it is steady', () => {
  const steady = play(sustained({ seconds: 130 }), (second) => (second < 10 ? 500 : 20));
  expect(steady.answers.recovery).toBeUndefined();
  expect(steady.answers.drift).toMatchObject({ verdict: 'steady', seconds: 130 });
  expect(faultsOf(steady.answers, steady.kind, false)).toEqual(NONE);
  const leaking = play(sustained({ seconds: 130 }), (second) => 20 + second);
  expect(leaking.answers.drift).toMatchObject({ verdict: 'worse' });
  expect(faultsOf(leaking.answers, leaking.kind, false)).toEqual({
    failures: [leaking.answers.drift!.sentence],
    doubts: [],
  });
  expect(faultsOf(leaking.answers, 'high-traffic', false)).toEqual(NONE);
});

it('leaves out seconds in which the generator was at its limit, and the drain', () => {
  const { answers } = play(
    sustained({ seconds: 130 }),
    (second) => (second % 10 === 0 ? 20 + second : 20),
    (second) => ({ saturated: second % 10 === 0, ...(second >= 130 ? { phase: 'draining' as const } : {}) })
  );
  expect(answers.drift).toMatchObject({ verdict: 'steady', seconds: 120 - 12 });
});

it('asks a spike for its recovery, and does not mistake that for drift', () => {
  const back = play(spike({ recoverySeconds: 100 }), (second) => (second >= 20 && second < 45 ? 900 : 20));
  expect(back.answers).toMatchObject({ recovery: { recoverySeconds: 5, spikeFromSecond: 20, spikeToSecond: 40 } });
  expect(back.answers.drift).toBeUndefined();
  expect(faultsOf(back.answers, back.kind, false)).toEqual(NONE);
  const never = play(spike({ recoverySeconds: 100 }), (second) => (second >= 20 ? 900 : 20));
  const { sentence } = never.answers.recovery!;
  expect(faultsOf(never.answers, never.kind, false)).toEqual({ failures: [sentence], doubts: [] });
  expect(faultsOf(never.answers, never.kind, true)).toEqual({ failures: [], doubts: [sentence] });
  expect(faultsOf(never.answers, 'custom', false)).toEqual(NONE);
});

it('asks nothing of a ramp', () => {
  const { answers } = play(gradualRamp({ seconds: 140 }), () => 20);
  expect(answers).toEqual({});
});

it('leaves a question open, and blames nobody, when the run was too short for the answer', () => {
  const { answers, kind } = play(
    spike({ recoverySeconds: 100 }),
    () => 20,
    (second) => (second > 42 ? { phase: 'draining' } : {})
  );
  const { sentence } = answers.recovery!;
  expect(sentence).toBe('Recovery cannot be told: it takes 4 s after the spike, and there were 3.');
  expect(faultsOf(answers, kind, false)).toEqual({ failures: [], doubts: [sentence] });

  const unknown = play(spike({ baseSeconds: 9 }), () => 20);
  expect(faultsOf(unknown.answers, 'spike', false)).toEqual({
    failures: [],
    doubts: [expect.stringContaining('it takes 5 s before the spike')],
  });

  const short = play(
    sustained({ seconds: 130 }),
    () => 20,
    (second) => (second > 30 ? { phase: 'draining' } : {})
  );
  expect(faultsOf(short.answers, 'sustained', true).doubts).toEqual([expect.stringContaining('Drift cannot be told')]);
});

it('does not take what a saturated generator shows for the service', () => {
  const { answers } = play(
    spike({ recoverySeconds: 100 }),
    (second) => (second >= 40 && second < 50 ? 900 : 20),
    (second) => ({ saturated: second >= 40 && second < 50 })
  );
  expect(answers.recovery).toMatchObject({ worstP95Ms: expect.closeTo(20.3, 0) });
});
