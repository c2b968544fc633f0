import { AddressPolicy, TargetRefused, targetUrl } from './addressPolicy.ts';

const everything = ['0.0.0.0/0', '::/0'];
const never: (hostname: string) => Promise<readonly string[]> = () => Promise.reject(new Error('must not resolve'));

describe('addresses that are never loaded, whatever is allowed', () => {
  const policy = new AddressPolicy(everything);
  test.each([
    '169.254.169.254',
    '169.254.170.2',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    '64:ff9b::169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '64:ff9b:1::a9fe:a9fe',
    '64:ff9b:1:a9fe:a9:fe00::',
    '::ffff:0:169.254.169.254',
    '2001:0:7f00:1::5601:5601',
    '2002:a9fe:a9fe::1',
    '::169.254.169.254',
    'fd00:ec2::254',
    'fd20:ce::254',
    '100.100.100.200',
    '168.63.129.16',
    '0.0.0.0',
    '0.1.2.3',
    '::',
    '::ffff:0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    'ff02::1',
    'fe80::1',
    'fe80::1%eth0',
  ])('%s', (address) => {
    expect(policy.refusal(address)).toContain('never loaded');
  });

  test.each([
    '127.0.0.1',
    '10.1.2.3',
    '169.253.255.255',
    '169.255.0.0',
    '::1',
    'fd00:ec2::253',
    '8.8.8.8',
    '2001:db8::1',
  ])('%s is not one of them', (address) => {
    expect(policy.refusal(address)).toBeNull();
  });
});

describe('allowed networks', () => {
  test.each([
    [['127.0.0.0/8'], '127.0.0.1', true],
    [['127.0.0.0/8'], '::ffff:127.0.0.1', true],
    [['127.0.0.0/8'], '64:ff9b::127.0.0.1', true],
    [['127.0.0.0/8'], '128.0.0.1', false],
    [['127.0.0.0/8'], '::1', false],
    [['10.0.0.0/23'], '10.0.1.255', true],
    [['10.0.0.0/23'], '10.0.2.0', false],
    [['10.0.0.7'], '10.0.0.7', true],
    [['10.0.0.7'], '10.0.0.8', false],
    [['fd00:1::/32'], 'fd00:1:ffff::1', true],
    [['fd00:1::/32'], 'fd00:2::1', false],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['::1/128'], '::1', true],
    [[], '127.0.0.1', false],
  ])('%j and %s: %s', (networks, address, allowed) => {
    expect(new AddressPolicy(networks).refusal(address) === null).toBe(allowed);
  });

  test.each(['10.0.0.0/33', '10.0.0.0/x', 'example.com', '10.0.0/8', '', 'fd00::/129', '10.0.0.0/-1'])(
    '%s is no network',
    (text) => {
      expect(() => new AddressPolicy([text])).toThrow(`"${text}" is not a network`);
    }
  );
});

describe('URLs', () => {
  const loopback = new AddressPolicy(['127.0.0.0/8']);

  test.each([
    'http://127.0.0.1:8080',
    'http://2130706433',
    'http://0x7f000001/',
    'http://0177.0.0.1',
    'http://127.1',
    'http://[::ffff:127.0.0.1]:80',
    'http://[::ffff:7f00:1]',
  ])('%s is loopback in disguise, and allowed as such', async (url) => {
    expect(await loopback.addressesOf(url, never)).toHaveLength(1);
  });

  test.each([
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/',
    'http://0xa9fea9fe/',
    'http://0251.0376.0251.0376/',
    'http://[::ffff:169.254.169.254]/',
    'http://[64:ff9b::a9fe:a9fe]/',
  ])('%s is the metadata service in disguise', async (url) => {
    await expect(new AddressPolicy(everything).addressesOf(url, never)).rejects.toThrow('never loaded');
  });

  test.each([
    ['ftp://127.0.0.1/', 'must be an http:// or https:// URL'],
    ['file:///etc/passwd', 'must be an http:// or https:// URL'],
    ['http://me:secret@127.0.0.1/', 'user name or password'],
    ['http://evil@127.0.0.1/', 'user name or password'],
    ['127.0.0.1:80', 'must be an http:// or https:// URL'],
    ['', 'must be an http:// or https:// URL'],
  ])('%s: %s', (url, reason) => {
    expect(() => targetUrl(url)).toThrow(TargetRefused);
    expect(() => targetUrl(url)).toThrow(reason);
  });

  test('the user info of a refused URL is not repeated in the message', () => {
    expect(() => targetUrl('http://me:secret@127.0.0.1/')).not.toThrow('secret');
  });

  test('every address of a name is checked, not the first only', async () => {
    const resolve = async () => ['127.0.0.1', '10.0.0.1'];
    await expect(loopback.addressesOf('http://pods.test', resolve)).rejects.toThrow(
      'The target http://pods.test is refused: 10.0.0.1 is outside the networks that may be loaded (127.0.0.0/8) (pods.test resolves to it).'
    );
  });

  test('a name is resolved once, so a second answer never counts', async () => {
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    let asked = 0;
    const addresses = await loopback.addressesOf('http://rebinding.test', async () => answers[asked++]!);
    expect(addresses).toEqual(['127.0.0.1']);
    expect(asked).toBe(1);
  });

  test('a name that does not resolve', async () => {
    const failing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    await expect(loopback.addressesOf('http://nowhere.test', failing)).rejects.toThrow(
      "The target's host name nowhere.test does not resolve (ENOTFOUND)."
    );
  });
});
