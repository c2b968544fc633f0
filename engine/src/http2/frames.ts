/** Frames of HTTP/2 (RFC 9113 §6), as far as a client needs them. */
export const FRAME_HEAD_BYTES = 9;
/** What either side may send until it was told that the other takes more; we never say so. */
export const MAX_FRAME_BYTES = 16_384;

export const FRAME = {
  data: 0,
  headers: 1,
  resetStream: 3,
  settings: 4,
  pushPromise: 5,
  ping: 6,
  goAway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const FLAG = { ack: 1, endStream: 1, endHeaders: 4, padded: 8, priority: 32 } as const;

export const SETTING = {
  headerTableSize: 1,
  enablePush: 2,
  maxConcurrentStreams: 3,
  initialWindowSize: 4,
} as const;

export const ERROR_CODE = { protocol: 1, refusedStream: 7, cancel: 8 } as const;

export const DEFAULT_WINDOW = 65_535;
export const LARGEST_WINDOW = 2 ** 31 - 1;

/** A frame with room for its payload, which the caller fills in. */
export function frame(type: number, flags: number, stream: number, payloadBytes: number): Buffer {
  const bytes = Buffer.alloc(FRAME_HEAD_BYTES + payloadBytes);
  bytes.writeUIntBE(payloadBytes, 0, 3);
  bytes[3] = type;
  bytes[4] = flags;
  bytes.writeUInt32BE(stream, 5);
  return bytes;
}

/** A frame whose payload is one number of four bytes: a stream's reset, a window's growth. */
export function numberFrame(type: typeof FRAME.resetStream | typeof FRAME.windowUpdate, stream: number, value: number) {
  const bytes = frame(type, 0, stream, 4);
  bytes.writeUInt32BE(value, FRAME_HEAD_BYTES);
  return bytes;
}

function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const bytes = frame(FRAME.settings, 0, 0, settings.length * 6);
  settings.forEach(([id, value], i) => {
    bytes.writeUInt16BE(id, FRAME_HEAD_BYTES + i * 6);
    bytes.writeUInt32BE(value, FRAME_HEAD_BYTES + i * 6 + 2);
  });
  return bytes;
}

/**
 * What a client says first: no dynamic table, so that header blocks stand for themselves; no push; and windows so large
 * that the peer never waits for us, since bodies are thrown away as they come.
 */
export const CLIENT_PREFACE = Buffer.concat([
  Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  settingsFrame([
    [SETTING.headerTableSize, 0],
    [SETTING.enablePush, 0],
    [SETTING.initialWindowSize, LARGEST_WINDOW],
  ]),
  numberFrame(FRAME.windowUpdate, 0, LARGEST_WINDOW - DEFAULT_WINDOW),
]);

export const SETTINGS_ACK = frame(FRAME.settings, FLAG.ack, 0, 0);

/** Goodbye, in order: nothing of the peer's was processed, since it may not push. */
export const GO_AWAY = frame(FRAME.goAway, 0, 0, 8);
