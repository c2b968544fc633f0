import type { Sample } from '@evenkeel/contract/sample';
import { LIVE_TIMELINE_POINTS, LiveTimeline } from '@evenkeel/core/run/liveTimeline';
import { type LiveEvent, LiveEventRing, liveEvent } from './liveEventRing.ts';
import { LiveRun } from './liveRun.ts';
import { exampleReport, exampleRun } from './testing/runStoreConformance.ts';

let sample: Sample;
beforeAll(async () => {
  sample = (await exampleReport(exampleRun())).samples[5]!;
});

describe('the ring of events', () => {
  const filled = (count: number, ring = new LiveEventRing(5, 1e6)) => {
    for (let id = 1; id <= count; id++) ring.push(liveEvent(id, 'notice', { text: 'x' }));
    return ring;
  };
  const after = (ring: LiveEventRing, id: number) => ring.after(id)?.map((event) => event.id) ?? null;

  it.each([
    [3, 0, [1, 2, 3]],
    [3, 2, [3]],
    [3, 3, []],
    [9, 4, [5, 6, 7, 8, 9]],
    [9, 3, null],
    [9, 10, null],
    [9, 7.5, null],
    [0, 0, []],
    [0, 1, null],
  ])('of %d events has for somebody who saw number %d: %j', (count, id, expected) => {
    expect(after(filled(count), id)).toEqual(expected);
  });

  it('is bounded in bytes, but always has the last one', () => {
    const ring = filled(5, new LiveEventRing(100, 100));
    expect(after(ring, 4)).toEqual([5]);
    expect(after(ring, 0)).toBeNull();
  });

  it('writes one line of data whatever the text', () => {
    expect(liveEvent(7, 'notice', { text: 'a\nb\r\n\u2028' }).frame.toString()).toBe(
      'id: 7\nevent: notice\ndata: {"text":"a\\nb\\r\\n\u2028"}\n\n'
    );
  });
});

describe('the live time axis', () => {
  it('is a point a second until there are many, then stays bounded and covers every second once', () => {
    const axis = new LiveTimeline();
    const total = LIVE_TIMELINE_POINTS * 5 + 3;
    for (let second = 0; second < total; second++) {
      const phase = second < 10 ? 'warming' : 'measuring';
      axis.add({
        ...sample,
        second,
        phase,
        dropped: 1,
        response: { ...sample.response, p99: second === 700 ? 999 : 5 },
      });
    }
    expect(axis.points.length).toBeLessThanOrEqual(LIVE_TIMELINE_POINTS);
    let next = 0;
    for (const point of axis.points) {
      expect(point.second).toBe(next);
      next += point.seconds;
    }
    expect(next).toBe(total);
    expect(axis.points.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(total);
    expect(axis.points.filter(({ p99Ms }) => p99Ms === 999).length).toBe(1);
    expect(axis.points.some(({ phase, second, seconds }) => phase === 'warming' && second + seconds > 10)).toBe(false);
    expect(axis.points.every(({ completedRate }) => Math.abs(completedRate - sample.completed) < 1e-9)).toBe(true);
  });
});

describe('a live run', () => {
  it('encodes an event once for all its readers, and a snapshot once for all who come between two events', () => {
    const live = new LiveRun(exampleRun(), () => 5);
    const frames: Buffer[][] = Array.from({ length: 3 }, () => []);
    for (const own of frames) live.follow({ event: ({ frame }: LiveEvent) => own.push(frame), end: () => {} }, null);
    live.sample(sample);
    expect(frames.map((own) => own.length)).toEqual([2, 2, 2]);
    for (const i of [0, 1]) expect(frames.every((own) => own[i] === frames[0]![i])).toBe(true);
  });

  it('shows changed labels to who comes next, and keeps marks and notices bounded and once', () => {
    const live = new LiveRun(exampleRun(), () => 5);
    live.described({ labels: { a: 'b' }, note: 'n', baseline: true });
    for (let i = 0; i < 1000; i++) {
      live.event({ second: i, kind: 'pod', text: 'restarted' });
      live.notice('the same');
      live.notice(`another ${i}`);
    }
    const { run, marks, notices } = live.snapshot();
    expect([run.labels, run.note, run.baseline]).toEqual([{ a: 'b' }, 'n', true]);
    expect([marks.length, notices.length, new Set(notices).size]).toEqual([500, 100, 100]);
  });

  it('forgets readers that left', () => {
    const live = new LiveRun(exampleRun(), () => 5);
    const seen: string[] = [];
    const leave = live.follow({ event: ({ name }) => seen.push(name), end: () => seen.push('end') }, null);
    leave();
    live.sample(sample);
    expect([seen, live.readers]).toEqual([['snapshot'], 0]);
  });
});
