import {
  bytesText,
  clockText,
  coresText,
  countText,
  deviationText,
  durationText,
  latencyText,
  NONE,
  percentText,
  rateText,
  scoreText,
  shareText,
} from './figureText.ts';

describe('figures as people read them', () => {
  test.each([
    [countText(12034), '12,034'],
    [latencyText(0.42), '0.42 ms'],
    [latencyText(12.34), '12.3 ms'],
    [latencyText(999.6), '1,000 ms'],
    [latencyText(1200), '1.20 s'],
    [latencyText(0), '0 ms'],
    [rateText(998.4), '998/s'],
    [rateText(12_340), '12.3k/s'],
    [rateText(3.25), '3.3/s'],
    [rateText(3), '3/s'],
    [scoreText(97.44), '97.4'],
    [percentText(0), '0 %'],
    [percentText(0.004), '< 0.01 %'],
    [percentText(0.25), '0.25 %'],
    [percentText(1.26), '1.3 %'],
    [percentText(42.4), '42 %'],
    [shareText(0.25), '25.0 %'],
    [shareText(0.0333), '3.33 %'],
    [shareText(0.001), '0.100 %'],
    [shareText(0), '0 %'],
    [deviationText(1.021), '+2.1 %'],
    [deviationText(0.88), '−12 %'],
    [deviationText(1.0001), '0 %'],
    [bytesText(512), '512 B'],
    [bytesText(64 * 1024 * 1024), '64.0 MiB'],
    [bytesText(300 * 1024 ** 3), '300 GiB'],
    [coresText(0.043), '43 m'],
    [coresText(0.23), '0.23'],
    [clockText(7.9), '0:07'],
    [clockText(65), '1:05'],
    [clockText(3600), '1:00:00'],
    [durationText(45), '45 s'],
    [durationText(65), '1 min 5 s'],
    [durationText(600), '10 min'],
    [durationText(7500), '2 h 5 min'],
  ])('%s', (text, expected) => expect(text).toBe(expected));

  test('what is not known is a dash, never a zero', () => {
    for (const text of [
      countText,
      latencyText,
      rateText,
      scoreText,
      percentText,
      shareText,
      deviationText,
      bytesText,
      coresText,
    ]) {
      expect(text(null)).toBe(NONE);
    }
  });
});
