import { prepareRun } from './runCommand.ts';

const balanceAsked = async (failUnder: string | undefined, usual?: number) => {
  const { scenario, targetPercent } = await prepareRun('sustained', { failUnder }, usual);
  return [targetPercent, ...scenario.thresholds.flatMap(({ metric, value }) => (metric === 'balance' ? [value] : []))];
};

describe('the score that a run of the command must reach', () => {
  it.each([
    [undefined, undefined, 95],
    [undefined, 90, 90],
    ['80', undefined, 80],
    ['80', 90, 80],
    ['0', 90, 0],
    ['99.5', 90, 99.5],
  ])(
    'with --fail-under %p and usually %p it is %d, for the verdict and for a built-in scenario alike',
    async (flag, usual, asked) => {
      expect(await balanceAsked(flag, usual)).toEqual([asked, asked]);
    }
  );

  it.each(['-0.1', '100.1', 'much'])('refuses --fail-under %s', async (flag) => {
    await expect(balanceAsked(flag)).rejects.toThrow(/--fail-under/);
  });
});
