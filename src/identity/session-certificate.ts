import { z } from 'zod';
import { openSmall, sealSmall } from '../crypto/chunked.ts';
import { hkdfExpandSha512 } from '../crypto/hkdf.ts';
import { parseBase64, parseBase64url, toBase64 } from '../crypto/jose-encoding.ts';
import type { Transaction } from '../database/connection.ts';
import { findSessionCertificate, storeSessionCertificate } from './session-certificate-store.ts';

const label = new TextEncoder().encode('hikitsugi/session-certificate/v1');
const shape = z.array(z.string());

/** Whose certificate, and the value of that session's cookie. */
interface OfSession {
  readonly sessionId: string;
  readonly token: string;
}

/** Keeps the chain for as long as the session lives, under a key that only its cookie gives. */
export async function keepCertificate(
  tx: Transaction,
  session: OfSession,
  chain: readonly Uint8Array[],
): Promise<void> {
  const message = new TextEncoder().encode(JSON.stringify(chain.map(toBase64)));
  const sealed = sealSmall({ ...keyOf(session), message });
  await storeSessionCertificate(tx, { sessionId: session.sessionId, sealed });
}

/** The session has got another cookie: the old one opens nothing any more. Does nothing where no certificate is kept. */
export async function rekeyCertificate(tx: Transaction, former: OfSession, token: string): Promise<void> {
  const { sessionId } = former;
  const sealed = await findSessionCertificate(tx, sessionId);
  if (sealed === null) return;
  await keepCertificate(tx, { sessionId, token }, openChain(former, sealed));
}

/** DER, leaf first. @throws {ChunkedDecryptionError} */
export function openChain(session: OfSession, sealed: Uint8Array): readonly Uint8Array[] {
  const text = new TextDecoder().decode(openSmall({ ...keyOf(session), sealed }));
  return shape.parse(JSON.parse(text)).map((certificate) => {
    const der = parseBase64(certificate);
    if (der === null) throw new Error('the certificate of a session is no base64');
    return der;
  });
}

function keyOf({ sessionId, token }: OfSession) {
  const secret = parseBase64url(token);
  if (secret === null) throw new Error('the token of a session is no base64url');
  return { key: hkdfExpandSha512(secret, label, 32), context: new TextEncoder().encode(sessionId) };
}
