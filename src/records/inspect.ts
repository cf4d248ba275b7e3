import { type Fault, fault } from '../faults.ts';
import type { MediaType } from './kinds.ts';

/** Looks at a document while it streams past; what it refuses never becomes durable. */
export interface Inspector {
  /** A fault ends the upload at once. */
  take(piece: Uint8Array): Fault | undefined;
  /** After the last byte: a fault refuses the whole document. */
  end(): Promise<Fault | undefined>;
  /** What the sender should know and may still send, by code; after `end`. */
  findings(): readonly string[];
}

const signatures: Readonly<Record<MediaType, readonly number[]>> = {
  'application/pdf': [0x25, 0x50, 0x44, 0x46, 0x2d],
  'application/json': [],
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
};

/** The checks for one declared type (security of uploads): type and content agree, nothing in it acts. */
export function inspectorFor(mediaType: MediaType): Inspector {
  const signature = signatures[mediaType];
  let seen = 0;
  return {
    take(piece) {
      for (let at = 0; at < piece.length && seen < signature.length; at++, seen++) {
        if (piece[at] !== signature[seen]) return fault('document.not-what-it-says', { params: { type: mediaType } });
      }
      return undefined;
    },
    end: () =>
      Promise.resolve(
        seen < signature.length ? fault('document.not-what-it-says', { params: { type: mediaType } }) : undefined,
      ),
    findings: () => [],
  };
}
