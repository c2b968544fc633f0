import { scenarioSchema } from '@evenkeel/contract/scenario';
import { targetFromFlags } from './targetFlags.ts';
import { UsageError } from './usageError.ts';

const scenario = (request?: object) =>
  scenarioSchema.parse({
    name: 'a',
    load: { model: 'rate', stages: [{ from: 1, to: 1, durationSeconds: 20 }] },
    ...(request ? { request } : {}),
  });

test.each([
  'http://shop.test',
  'http://Shop.test:80/API/health?q=%c3%A9',
  'HTTPS://shop.test/a/../b/?',
  'http://bücher.test/',
])('%s is kept as it is typed', (target) => {
  expect(targetFromFlags({ target }, scenario()).target.url).toBe(target);
});

test.each([
  ['ftp://x/', /^--target "ftp:\/\/x\/" must be an http:\/\/ or https:\/\/ URL\.$/],
  ['http://x/a b', /^--target "http:\/\/x\/a b" must hold no blanks .* written %20\.$/],
  ['http://x/\r\n\x1b[2J', /^--target "http:\/\/x\/\\r\\n\\u001b\[2J" must hold no blanks/],
])('%j is refused', (target, message) => {
  expect(() => targetFromFlags({ target }, scenario())).toThrow(UsageError);
  expect(() => targetFromFlags({ target }, scenario())).toThrow(message);
});

test.each(['http://u:secret@h/', 'http://secret@h/', 'http://u:sec/ret@h/', 'ftp://u:secret@h', 'http://u:se cret@h/'])(
  'of %s the message repeats nothing',
  (target) => {
    const reading = () => targetFromFlags({ target }, scenario());
    expect(reading).toThrow(UsageError);
    expect(reading).not.toThrow(/sec|ret/);
  }
);

test('a user and password are shown the header that carries them', () => {
  expect(() => targetFromFlags({ target: 'http://u:p@h/' }, scenario())).toThrow(
    "--target must hold no user name or password: send them in a header, for example --header 'Authorization: Basic …' (base64 of name:password)."
  );
});

test('a query beside a path of the scenario is refused, and both are named', () => {
  const target = 'http://h/search?q=1';
  expect(() => targetFromFlags({ target }, scenario({ path: '/a' }))).toThrow(
    /^--target and request\.path: the target has a query/
  );
  expect(targetFromFlags({ target }, scenario()).target.url).toBe(target);
});
