import { gatherValidationData, recordingTimestamps } from '../../../src/crypto/pdf/gather-validation.ts';
import { signPdf } from '../../../src/crypto/pdf/sign-pdf.ts';
import { addValidationData } from '../../../src/crypto/pdf/validation-data.ts';
import { webCryptoSigner } from '../../../src/crypto/signer.ts';
import { changed, makeContract } from '../../crypto/pdf/support/contract.ts';
import { valueOf } from '../../crypto/support/trust.ts';
import { stream } from '../../records/pdf-maker.ts';
import type { TestDocument } from './procedure.ts';
import { codeOf, type HostileWorld } from './world.ts';

/** A PDF sealed by a school of the demonstration, with its time stamps and lists (B-LT). */
export async function signedBySchool({ running, demo }: HostileWorld): Promise<Uint8Array> {
  const { gateway } = running;
  const seal = demo.authorities.seals.get(codeOf('juniorHigh'));
  if (seal === undefined) throw new Error('no seal');
  const signer = await webCryptoSigner(seal.pkcs8, seal.chain, seal.algorithm);
  const timestamps = recordingTimestamps(gateway.timestamps);
  const options = { signer, timestamps: timestamps.service, fieldName: 'Seal', at: gateway.clock.now() };
  const pdf = valueOf(await signPdf(makeContract(), options));
  const lists = await gateway.revocationLists();
  const { data } = gatherValidationData({ chain: signer.chain, tokens: timestamps.tokens, lists });
  return valueOf(await addValidationData(pdf, data));
}

/** Something else is shown now, in a revision behind the signature. */
export function alteredSince(signed: Uint8Array): Promise<Uint8Array> {
  return changed(signed, { 4: stream('', 'BT /F 12 Tf 20 200 Td (You get 900 yen) Tj ET') });
}

export function transcriptPdf(bytes: Uint8Array): TestDocument {
  return { kind: 'transcript', form: 'original', mediaType: 'application/pdf', bytes };
}
