import { ok, type Result, refuse } from '../../result.ts';
import { DerError, scanDer } from '../der.ts';
import { countOf, endOf, nextDer, nextIf, openDer, TAG } from '../der-reader.ts';

/** The token inside a TimeStampResp (RFC 3161 §2.4.2); refused unless the server granted it. */
export function tokenOfReply(bytes: Uint8Array): Result<Uint8Array, 'reply-malformed' | 'request-rejected'> {
  try {
    const cursor = openDer(scanDer(bytes, { maxBytes: 256 * 1024 }));
    const status = countOf(nextDer(openDer(nextDer(cursor))));
    const token = nextIf(cursor, TAG.sequence);
    endOf(cursor);
    // 0 granted, 1 granted with modifications; with anything else there must be no token.
    if (status > 1) return refuse('request-rejected');
    return token === null ? refuse('reply-malformed') : ok(token.bytes);
  } catch (error) {
    if (error instanceof DerError) return refuse('reply-malformed');
    throw error;
  }
}
