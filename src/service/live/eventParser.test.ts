import { EventParser } from './eventParser.ts';

const all = (...pieces: string[]) => {
  const parser = new EventParser();
  return pieces.flatMap((piece) => parser.push(piece));
};

describe('reading an event stream', () => {
  test('name, data and id', () =>
    expect(all('id: 7\nevent: sample\ndata: {"a":1}\n\n')).toEqual([{ name: 'sample', data: '{"a":1}', id: '7' }]));

  test('any cut of the bytes gives the same events', () => {
    const text = ': hello\r\nid: 1\r\nevent: a\r\ndata: x\r\n\r\ndata: y\ndata: z\n\nretry: 5\nid: 2\ndata\n\n';
    const whole = all(text);
    expect(whole).toEqual([
      { name: 'a', data: 'x', id: '1' },
      { name: 'message', data: 'y\nz', id: '1' },
      { name: 'message', data: '', id: '2' },
    ]);
    for (let cut = 0; cut <= text.length; cut++) expect(all(text.slice(0, cut), text.slice(cut))).toEqual(whole);
  });

  test('heartbeats and names without data are no events', () => {
    expect(all(': heartbeat\n\n')).toEqual([]);
    expect(all('event: a\n\ndata: b\n\n')).toEqual([{ name: 'message', data: 'b', id: '' }]);
  });

  test('only one space after the colon belongs to the format', () => expect(all('data:  a\n\n')[0]?.data).toBe(' a'));
});
