import { type ScenarioInput, scenarioSchema } from '@evenkeel/contract/scenario';
import { Histogram } from '../histogram/histogram.ts';
import { gradualRamp, spike, sustained } from './builtinScenarios.ts';
import { type AnswerSecond, type Answers, failuresOf, ScenarioAnswers } from './scenarioAnswers.ts';

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
    timeline.push({ second, seconds: 1, phase: seen.phase, completedRate: 20, errorRate: 0, p95Ms });
  }
  return { answers: answers.answers(timeline), kind: scenario.kind };
}

it('asks a sustained load for drift, from where it is steady', () => {
  const steady = play(sustained({ seconds: 130 }), (second) => (second < 10 ? 500 : 20));
  expect(steady.answers.recovery).toBeUndefined();
  expect(steady.answers.drift).toMatchObject({ verdict: 'steady', seconds: 130 });
  expect(failuresOf(steady.answers, steady.kind)).toEqual([]);
  const leaking = play(sustained({ seconds: 130 }), (second) => 20 + second);
  expect(leaking.answers.drift).toMatchObject({ verdict: 'worse' });
  expect(failuresOf(leaking.answers, leaking.kind)).toEqual([leaking.answers.drift!.sentence]);
  expect(failuresOf(leaking.answers, 'high-traffic')).toEqual([]);
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
  expect(failuresOf(back.answers, back.kind)).toEqual([]);
  const never = play(spike({ recoverySeconds: 100 }), (second) => (second >= 20 ? 900 : 20));
  expect(failuresOf(never.answers, never.kind)).toEqual([never.answers.recovery!.sentence]);
  expect(failuresOf(never.answers, 'custom')).toEqual([]);
});

it('asks nothing of a ramp', () => {
  const { answers } = play(gradualRamp({ seconds: 140 }), () => 20);
  expect(answers).toEqual({});
});

it('does not blame a spike for which nothing was known before', () => {
  const unknown = {
    recovery: { recoverySeconds: null, baselineP95Ms: null, sentence: 'Too little.' },
  } as unknown as Answers;
  expect(failuresOf(unknown, 'spike')).toEqual([]);
});
