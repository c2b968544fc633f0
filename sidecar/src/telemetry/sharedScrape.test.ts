import { SharedScrape } from './sharedScrape.ts';

function fixture() {
  let made = 0;
  let parts = 0;
  let now = 0;
  const make = async () => {
    const number = ++made;
    return {
      type: 'text/plain',
      body: (function* () {
        for (const letter of ['a', 'b', 'c']) {
          parts++;
          yield `${letter}${number}`;
        }
      })(),
    };
  };
  const shared = new SharedScrape(make, () => now, 100);
  const pass = (ms: number) => {
    now += ms;
  };
  return { shared, pass, counts: () => ({ made, parts }) };
}
const text = (body: Iterable<string | Buffer>) => [...body].map(String).join('');

it('makes one exposition for all who ask within a while, and each part of it once', async () => {
  const { shared, pass, counts } = fixture();
  const [one, two] = await Promise.all([shared.scrape(), shared.scrape()]);
  expect([one.type, text(one.body), text(two.body)]).toEqual(['text/plain', 'a1b1c1', 'a1b1c1']);
  pass(99);
  expect(text((await shared.scrape()).body)).toBe('a1b1c1');
  expect(counts()).toEqual({ made: 1, parts: 3 });
  pass(1);
  expect(text((await shared.scrape()).body)).toBe('a2b2c2');
  expect(counts()).toEqual({ made: 2, parts: 6 });
});

it('tries again after a failure', async () => {
  let fails = true;
  const shared = new SharedScrape(
    async () => {
      if (fails) throw new Error('no figures');
      return { type: 'x', body: ['fine'] };
    },
    () => 0,
    1e9
  );
  await expect(shared.scrape()).rejects.toThrow('no figures');
  fails = false;
  expect(text((await shared.scrape()).body)).toBe('fine');
});
