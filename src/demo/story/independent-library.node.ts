import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';
import { pemToDer } from '../../crypto/x509/pem.ts';
import type { CutSignature } from './cut-signature.ts';

/** Whether PKI.js finds the signature right over these bytes, and its certificates under this root. */
export async function verifyWithPkijs({ value, signed }: CutSignature, rootPem: string): Promise<boolean> {
  const engine = new pkijs.CryptoEngine({ name: 'node', crypto: globalThis.crypto });
  const trustedCerts = pemToDer(rootPem, 'CERTIFICATE').map((der) => pkijs.Certificate.fromBER(new Uint8Array(der)));
  const { result } = asn1js.fromBER(new Uint8Array(value));
  const content = new pkijs.ContentInfo({ schema: result });
  const cms = new pkijs.SignedData({ schema: content.content });
  try {
    const data = new Uint8Array(signed).buffer;
    return await cms.verify({ signer: 0, data, trustedCerts, checkChain: true }, engine);
  } catch {
    // It throws what does not hold.
    return false;
  }
}
