import { scalabilityText } from './scalabilityText.ts';

it('gives every figure with its interval', () => {
  const fit = {
    lambda: { value: 51.23, low: 49.9, high: 53 },
    sigma: { value: 0.01234, low: 0, high: 0.02 },
    kappa: { value: 0.0000123, low: 0, high: 0.00004 },
    r2: 0.99871,
    peakInFlight: null,
    maxRate: 800,
    points: 8,
  };
  expect(scalabilityText({ fit, sentence: '' })).toBe(
    'Scalability law over 8 rates: λ 51.2 (49.9 to 53) requests/s, contention σ 0.0123 (0 to 0.02), crosstalk κ 0.0000123 (0 to 0.00004); R² 0.999.'
  );
  expect(scalabilityText({ fit: null, sentence: 'No fit.' })).toBeNull();
});
