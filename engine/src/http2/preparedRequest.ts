import type { RequestPlan } from '../requestPlan.ts';
import { FLAG, FRAME, FRAME_HEAD_BYTES, frame, MAX_FRAME_BYTES } from './frames.ts';
import { STATIC_INDEX } from './staticTable.ts';

/** A run of frames in which only the number of the stream is still open. */
export interface FrameTemplate {
  readonly bytes: Buffer;
  /** Where the stream's number belongs. */
  readonly streamAt: readonly number[];
}

/** A request of the run, ready to be sent over any stream. */
export interface PreparedRequest {
  readonly head: FrameTemplate;
  /** The same as the first request over a connection, which says that we keep no dynamic table. */
  readonly firstHead: FrameTemplate;
  readonly body: Buffer;
  readonly toHead: boolean;
}

const NO_DYNAMIC_TABLE = Uint8Array.of(0x20);

/** The header block has every field as a literal that no table remembers (RFC 7541 §6.2.2), so its bytes never change. */
export function preparedRequest(plan: RequestPlan): PreparedRequest {
  const body = plan.body === null ? Buffer.alloc(0) : Buffer.from(plan.body);
  const fields = [
    field(STATIC_INDEX.method, plan.method),
    Uint8Array.of(0x80 | (STATIC_INDEX.scheme + (plan.secure ? 1 : 0))),
    field(STATIC_INDEX.authority, plan.authority),
    field(STATIC_INDEX.path, plan.path),
  ];
  for (let i = 0; i < plan.headers.length; i += 2) {
    // Upper case in a name is malformed in HTTP/2 (RFC 9113 §8.2.1).
    fields.push(named(plan.headers[i]!.toLowerCase(), plan.headers[i + 1]!));
  }
  if (plan.contentLength !== null) fields.push(field(STATIC_INDEX.contentLength, String(plan.contentLength)));
  const block = Buffer.concat(fields);
  const ends = body.length === 0;
  return {
    head: headFrames(block, ends),
    firstHead: headFrames(Buffer.concat([NO_DYNAMIC_TABLE, block]), ends),
    body,
    toHead: plan.method === 'HEAD',
  };
}

function headFrames(block: Buffer, endStream: boolean): FrameTemplate {
  const frames: Buffer[] = [];
  const streamAt: number[] = [];
  for (let from = 0, at = 0; from < block.length; from += MAX_FRAME_BYTES) {
    const part = block.subarray(from, from + MAX_FRAME_BYTES);
    const last = from + part.length === block.length ? FLAG.endHeaders : 0;
    const first = from === 0;
    const bytes = frame(
      first ? FRAME.headers : FRAME.continuation,
      last | (first && endStream ? FLAG.endStream : 0),
      0,
      part.length
    );
    part.copy(bytes, FRAME_HEAD_BYTES);
    frames.push(bytes);
    streamAt.push(at + 5);
    at += bytes.length;
  }
  return { bytes: Buffer.concat(frames), streamAt };
}

function field(nameIndex: number, value: string): Uint8Array {
  return Buffer.concat([integer(nameIndex, 4), string(value)]);
}

function named(name: string, value: string): Uint8Array {
  return Buffer.concat([integer(0, 4), string(name), string(value)]);
}

function string(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'latin1');
  return Buffer.concat([integer(bytes.length, 7), bytes]);
}

/** An integer of HPACK with a prefix of so many bits, whose other bits are 0 (RFC 7541 §5.1). */
function integer(value: number, prefix: number): Uint8Array {
  const full = (1 << prefix) - 1;
  if (value < full) return Uint8Array.of(value);
  const bytes = [full];
  let rest = value - full;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  return Uint8Array.from([...bytes, rest]);
}
