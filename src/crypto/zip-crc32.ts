// workerd has it too, and it is nine times as fast as a table: every byte of a container or a PNG passes here.
import { crc32 as update } from 'node:zlib';

/** CRC-32 as ZIP and PNG use it; give the result of the last chunk to go on, 0 to begin. */
export function crc32(chunk: Uint8Array, previous: number): number {
  return update(chunk, previous);
}
