import { connect as connectTcp, isIP, type OnReadOpts, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { AddressPolicy, TargetRefused } from './addressPolicy.ts';
import type { FailureStage } from './failures.ts';
import type { RequestPlan } from './requestPlan.ts';

type Target = Pick<
  RequestPlan,
  'secure' | 'protocol' | 'hostname' | 'port' | 'addresses' | 'allowedNetworks' | 'trustedCertificates'
>;

const ALPN = { 'http/1.1': 'http/1.1', 'http/2': 'h2' } as const;

/** Called once: with null when the connection is usable, or with why not and how far it came. */
export type Connected = (error: Error | null, stage: FailureStage) => void;

/** Bytes read at a time. */
const READ_BYTES = 65_536;

/** For every connection of a thread: what was read is parsed before the next read. */
export const newReadBuffer = (): Buffer => Buffer.allocUnsafeSlow(READ_BYTES);

export interface OpenedSocket {
  readonly socket: Socket;
  /** Which of the target's addresses it goes to. */
  readonly address: number;
}

/** What the transports need of a connector. */
export interface SocketOpener {
  /** `onread` takes what is read past the stream, into a buffer of the caller. */
  open(done: Connected, onread?: OnReadOpts): OpenedSocket;
}

/**
 * Opens sockets to a target's checked addresses in turn. The address that a socket really reached is checked again
 * before anything is written to it.
 */
export class Connector implements SocketOpener {
  readonly #target: Target;
  readonly #policy: AddressPolicy;
  readonly #secureContext: SecureContext | null;
  #next: number;

  /** `first` is the index of the address that the first connection goes to. */
  constructor(target: Target, first = 0) {
    this.#target = target;
    this.#policy = new AddressPolicy(target.allowedNetworks);
    this.#next = first;
    // One context for all connections: building one costs milliseconds.
    this.#secureContext = target.secure
      ? createSecureContext(target.trustedCertificates.length === 0 ? {} : { ca: [...target.trustedCertificates] })
      : null;
  }

  open(done: Connected, onread?: OnReadOpts): OpenedSocket {
    const { addresses, port, secure } = this.#target;
    const address = this.#next++ % addresses.length;
    let stage: FailureStage = 'connecting';
    let settled = false;
    const settle = (error: Error | null) => {
      if (settled) return;
      settled = true;
      done(error, stage);
    };
    const options: TcpNetConnectOpts = {
      host: addresses[address]!,
      port,
      noDelay: true,
      ...(onread ? { onread } : {}),
    };
    const socket = secure ? this.#secureSocket(options) : connectTcp(options);
    const reached = () => {
      stage = secure ? 'handshake' : 'request';
      const reachedAddress = socket.remoteAddress;
      if (reachedAddress === undefined) {
        // The peer was gone before its address could be looked at.
        socket.destroy(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
        return;
      }
      const refusal = this.#policy.refusal(reachedAddress);
      if (refusal !== null) socket.destroy(new TargetRefused(refusal));
      else if (!secure) settle(null);
    };
    socket.once('connect', reached);
    if (secure) {
      socket.once('secureConnect', () => {
        if (this.#target.protocol === 'http/2' && (socket as TLSSocket).alpnProtocol !== ALPN['http/2']) {
          socket.destroy(new Error('the target does not offer HTTP/2 in the TLS handshake (ALPN)'));
          return;
        }
        stage = 'request';
        settle(null);
      });
    }
    socket.once('error', settle);
    socket.once('close', () => settle(new Error('the connection was closed')));
    return { socket, address };
  }

  #secureSocket(options: TcpNetConnectOpts): TLSSocket {
    // A name that ends in its dot is the same name, which TLS knows without it (RFC 6066 §3).
    const hostname = this.#target.hostname.replace(/\.$/, '');
    return connectTls({
      ...options,
      secureContext: this.#secureContext!,
      // A certificate is checked against the URL's host, not the resolved address.
      ...(isIP(hostname) === 0 ? { servername: hostname } : {}),
      ALPNProtocols: [ALPN[this.#target.protocol]],
    });
  }
}
