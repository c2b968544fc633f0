import { MAX_PODS } from '@evenkeel/contract/limits';
import { NO_POD, PodAttribution } from './podAttribution.ts';

const PODS = [
  { pod: 'a', address: '10.0.0.1:80' },
  { pod: 'b', address: '10.0.0.2:80' },
  { pod: 'c', address: null },
];

function resolve(attribution: PodAttribution, pod: string, upstream: string) {
  attribution.resolve(pod, upstream);
  const name = (index: number) => (index === NO_POD ? null : attribution.names[index]);
  return [name(attribution.answered), name(attribution.chosen), attribution.retried];
}

describe('with a directory', () => {
  const attribution = new PodAttribution(PODS, false, true);
  test.each([
    ['the pod header names the pod', 'a', '', ['a', 'a', false]],
    ['a pod without an address', 'c', '', ['c', 'c', false]],
    ['no header at all', '', '', [null, null, false]],
    ['a spoofed name is nobody', 'evil', '', [null, null, false]],
    ['the upstream address alone', '', '10.0.0.2:80', ['b', 'b', false]],
    [
      'a retry: the first address was the decision, the header names who answered',
      'b',
      '10.0.0.1:80, 10.0.0.2:80',
      ['b', 'a', true],
    ],
    ['a retry without pod header: the last address answered', '', '10.0.0.1:80, 10.0.0.2:80', ['b', 'a', true]],
    ['a comma without a space', '', '10.0.0.1:80,10.0.0.2:80', ['b', 'a', true]],
    ['an internal redirect between groups', '', '10.0.0.2:80 : 10.0.0.1:80', ['a', 'b', true]],
    ['the same pod twice is still a retry', 'a', '10.0.0.1:80, 10.0.0.1:80', ['a', 'a', true]],
    ['an unknown address with a known name', 'c', '10.0.0.9:80', ['c', 'c', false]],
    ['a retry from an unknown address is no decision for anyone', 'a', '10.0.0.9:80, 10.0.0.1:80', ['a', null, true]],
    ['a group name instead of an address: nobody was tried', '', 'backend', [null, null, false]],
    ['a dash', '', '-', [null, null, false]],
    ['a spoofed name with a real address', 'evil', '10.0.0.1:80', ['a', 'a', false]],
  ])('%s', (_what, pod, upstream, expected) => {
    expect(resolve(attribution, pod, upstream)).toEqual(expected);
    expect(attribution.names).toEqual(['a', 'b', 'c']);
  });

  test('pods that are accepted later, and addresses that move', () => {
    const live = new PodAttribution(PODS, false, true);
    expect(resolve(live, 'd', '')).toEqual([null, null, false]);
    live.accept([{ pod: 'd', address: '10.0.0.1:80' }]);
    expect(resolve(live, 'd', '')).toEqual(['d', 'd', false]);
    expect(resolve(live, '', '10.0.0.1:80')).toEqual(['d', 'd', false]);
    expect(resolve(live, 'a', '')).toEqual(['a', 'a', false]);
  });
});

describe('without a directory', () => {
  test('names are learned, and with them their addresses', () => {
    const attribution = new PodAttribution([], true, true);
    expect(resolve(attribution, 'x', '10.0.0.1:80')).toEqual(['x', 'x', false]);
    expect(resolve(attribution, 'y', '10.0.0.2:80')).toEqual(['y', 'y', false]);
    expect(resolve(attribution, 'y', '10.0.0.1:80, 10.0.0.2:80')).toEqual(['y', 'x', true]);
  });

  test('with an upstream header only, addresses are the names', () => {
    const attribution = new PodAttribution([], true, false);
    expect(resolve(attribution, '', '10.0.0.1:80')).toEqual(['10.0.0.1:80', '10.0.0.1:80', false]);
    expect(resolve(attribution, '', '10.0.0.1:80, 10.0.0.2:80')).toEqual(['10.0.0.2:80', '10.0.0.1:80', true]);
  });

  test.each(['<script>', 'a b', '-', 'x'.repeat(254), '"', 'pod\u00e9'])('%j cannot be a name', (name) => {
    const attribution = new PodAttribution([], true, true);
    expect(resolve(attribution, name, '')).toEqual([null, null, false]);
    expect(attribution.names).toEqual([]);
  });

  test('a target that invents names is stopped at the bound', () => {
    const attribution = new PodAttribution([], true, true);
    for (let i = 0; i < MAX_PODS + 50; i++) resolve(attribution, `pod-${i}`, '');
    expect(attribution.names).toHaveLength(MAX_PODS);
    expect(resolve(attribution, `pod-${MAX_PODS}`, '')).toEqual([null, null, false]);
    expect(resolve(attribution, 'pod-0', '')).toEqual(['pod-0', 'pod-0', false]);
  });
});
