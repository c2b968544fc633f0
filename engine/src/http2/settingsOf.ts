import type { Socket } from 'node:net';
import { FrameReader } from './frameReader.ts';
import { CLIENT_PREFACE, FRAME, GO_AWAY, SETTING } from './frames.ts';

export interface PeerSettings {
  /** Requests at once over one connection that the peer takes; infinite when it names no limit. */
  readonly maxConcurrentStreams: number;
}

/** Greets the peer on a fresh socket, sends no request, and says goodbye. Null when it does not speak HTTP/2. */
export function settingsOf(socket: Socket): Promise<PeerSettings | null> {
  return new Promise((resolve) => {
    const reader = new FrameReader({
      onFrame: (type, _flags, _stream, bytes, from, to) => {
        if (type === FRAME.settings) resolve(settings(bytes, from, to));
        return false;
      },
      onData: () => false,
      onDataEnd: () => false,
    });
    socket.on('data', (bytes) => {
      if (reader.feed(bytes, bytes.length)) return;
      // Whatever it was, unless it was the settings.
      resolve(null);
      socket.end(GO_AWAY);
    });
    socket.on('close', () => resolve(null));
    socket.write(CLIENT_PREFACE);
  });
}

function settings(bytes: Buffer, from: number, to: number): PeerSettings | null {
  if ((to - from) % 6 !== 0) return null;
  let maxConcurrentStreams = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at += 6) {
    if (bytes.readUInt16BE(at) === SETTING.maxConcurrentStreams) maxConcurrentStreams = bytes.readUInt32BE(at + 2);
  }
  return { maxConcurrentStreams };
}
