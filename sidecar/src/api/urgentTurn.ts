import type { Socket } from 'node:net';
import { ipKeyGenerator } from 'express-rate-limit';
import { loopTurn } from '../pacing/loopTurn.ts';
import type { Route } from './route.ts';

/** Requests of one peer, and of one kind, that wait before all others at once: people behind one Grafana are one peer. */
const PER_PEER = 8;

/** Who waits before all others now. A connection is there once: who sends many requests at once has to wait for himself. */
const ahead = {
  stop: { connections: new WeakSet<Socket>(), peers: new Map<string, number>() },
  health: { connections: new WeakSet<Socket>(), peers: new Map<string, number>() },
};

/**
 * Resolves in the turn of the event loop that a request gets: before all others when it must come through and its connection and its
 * peer do not have their share of those already, or in its order. So nobody can fill the queue in which the emergency stop waits.
 */
export async function urgentTurn(socket: Socket, urgent: Route['mustComeThrough']): Promise<void> {
  if (urgent === undefined) return loopTurn('request');
  const { connections, peers } = ahead[urgent];
  const peer = ipKeyGenerator(socket.remoteAddress ?? '0.0.0.0');
  const waiting = peers.get(peer) ?? 0;
  if (connections.has(socket) || waiting >= PER_PEER) return loopTurn('request');
  connections.add(socket);
  peers.set(peer, waiting + 1);
  await loopTurn(urgent);
  connections.delete(socket);
  const left = peers.get(peer)! - 1;
  if (left === 0) peers.delete(peer);
  else peers.set(peer, left);
}
