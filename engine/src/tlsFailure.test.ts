import { tlsFailure } from './tlsFailure.ts';

const failed = (code: string | undefined, message: string) => tlsFailure(Object.assign(new Error(message), { code }));

test.each([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_HAS_EXPIRED',
  'SOMETHING_NEW',
])("%s: Node's advice to programmers is not repeated", (code) => {
  const said = failed(
    code,
    'unable to verify the first certificate; if the root CA is installed locally, try running Node.js with --use-system-ca'
  );
  expect(said).not.toMatch(/Node\.js|use-system-ca/);
  expect(said).toContain(`(${code}). `);
  expect(said).toMatch(/\.$/);
});

test('what is not known is told as it was said', () => {
  expect(failed(undefined, 'odd thing')).toBe('odd thing. Check the scheme, the port and the certificate.');
});
