import { aboutText, millisecondsText, podText, timesText } from './sentenceNumbers.ts';

test('numbers as people read them', () => {
  expect([1, 44, 101, 12_345, 990_001].map(aboutText)).toEqual(['1', '44', '110', '13,000', '1,000,000']);
  expect([0, 0.567, 1, 1.25, 12.3].map(timesText)).toEqual(['0x', '0.57x', '1x', '1.25x', '12x']);
  expect([0.0312, 3.24, 48, 1234].map(millisecondsText)).toEqual(['0.031 ms', '3.2 ms', '48 ms', '1,234 ms']);
});

test('a long pod name keeps the end that tells replicas apart', () => {
  expect(podText('web-5d9c-x2')).toBe('web-5d9c-x2');
  const long = podText(`${'x'.repeat(60)}-5d9c-x2`);
  expect(long).toHaveLength(40);
  expect(long.endsWith('x-5d9c-x2')).toBe(true);
});
