/** What went wrong in a handshake, and what to do about it. */
interface Remedy {
  readonly codes: RegExp;
  readonly what: string;
  readonly todo: string;
}

const TRUST = 'Name the authority (or the certificate itself) in a PEM file: NODE_EXTRA_CA_CERTS=/path/to/ca.pem.';
const SCHEME = 'Check the scheme and the port: what listens there may speak http, not https.';

const REMEDIES: readonly Remedy[] = [
  {
    codes: /^DEPTH_ZERO_SELF_SIGNED_CERT$/,
    what: 'the certificate is signed by itself, and by no authority that is trusted',
    todo: TRUST,
  },
  {
    codes: /^(SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|CERT_UNTRUSTED)$/,
    what: 'the authority that signed the certificate is not trusted, or a certificate between the two is not sent',
    todo: TRUST,
  },
  {
    codes: /^CERT_HAS_EXPIRED$/,
    what: 'the certificate has expired',
    todo: 'Renew it, or check the clock of this machine.',
  },
  {
    codes: /^CERT_NOT_YET_VALID$/,
    what: 'the certificate is not valid yet',
    todo: 'Check the clocks of both machines.',
  },
  {
    codes: /^(ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH)$/,
    what: 'the certificate is for other names than that of the target',
    todo: 'Use a name in the URL that the certificate holds.',
  },
  {
    codes: /CERTIFICATE_REQUIRED|HANDSHAKE_FAILURE$|BAD_CERTIFICATE$/,
    what: 'the target refused the handshake',
    todo: 'It may ask for a client certificate, which Evenkeel does not send, or for other ciphers.',
  },
  {
    codes: /PROTOCOL_VERSION$|UNSUPPORTED_PROTOCOL$/,
    what: 'the two have no version of TLS in common',
    todo: 'TLS 1.2 and 1.3 are spoken here.',
  },
  { codes: /UNRECOGNIZED_NAME$/, what: 'the target does not know the name in the URL', todo: 'Check the host name.' },
  {
    codes: /^(ERR_SSL_WRONG_VERSION_NUMBER|ERR_SSL_PACKET_LENGTH_TOO_LONG|ERR_SSL_HTTP_REQUEST|EPROTO)$/,
    what: 'the answer was not TLS',
    todo: SCHEME,
  },
  { codes: /^(ECONNRESET|EPIPE)$/, what: 'the target closed the connection', todo: SCHEME },
];

/**
 * What went wrong in a handshake, with the code of it, in words of ours: OpenSSL's are a line of numbers and file names around a reason,
 * and Node adds advice for programmers behind a semicolon.
 */
export function tlsCause(error: Error): string {
  const { code = '', reason } = error as NodeJS.ErrnoException & { reason?: string };
  const said = remedyFor(error)?.what ?? (reason ?? error.message).split(/; if |\n/)[0]!;
  return `${said}${code === '' ? '' : ` (${code})`}`;
}

/** The cause, and what to do about it. */
export const tlsFailure = (error: Error): string =>
  `${tlsCause(error)}. ${remedyFor(error)?.todo ?? 'Check the scheme, the port and the certificate.'}`;

const remedyFor = (error: Error) =>
  REMEDIES.find(({ codes }) => codes.test((error as NodeJS.ErrnoException).code ?? ''));
