import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { referenceSeal } from '../crypto/chunked-reference.ts';

/** docs/formats.md, Contexts and Key wraps, written down a second time: nothing of src is used to make the vectors. */
export const keyVectorFile = new URL('../vectors/keys/keys.json', import.meta.url);

const hex = z.string().regex(/^([0-9a-f]{2})*$/);
const wrap = z.object({ key: hex, parts: z.array(z.string()), context: hex, salt: hex, message: hex, sealed: hex });
const schema = z.object({
  organisation: z.string(),
  month: z.string(),
  caseId: z.string(),
  objectId: z.string(),
  mediaType: z.string(),
  rootRef: z.string(),
  wraps: z.object({ organisationKey: wrap, caseKey: wrap, documentKey: wrap, document: wrap }),
  detail: z.object({ key: hex, plaintext: hex, commitment: hex, sealed: hex }),
});
export type KeyVectors = z.output<typeof schema>;

export function readKeyVectors(): KeyVectors {
  return schema.parse(JSON.parse(readFileSync(keyVectorFile, 'utf8')));
}

/** The same file every time: every key and salt is a hash of its name. */
export async function makeKeyVectors(): Promise<KeyVectors> {
  const of = {
    organisation: 'C139290001200',
    month: '2026-04',
    caseId: 'qv5jzn4w2k3mxd7c6yhb2lrtae',
    objectId: 'm3o5xk7vq2wz4n6ybcd7tfgh2i',
    mediaType: 'application/pdf',
    rootRef: 'example-root-key',
  };
  const { organisation, month, caseId, objectId, mediaType, rootRef } = of;
  const [root, organisationKey, caseKey, documentKey] = ['root', 'organisation', 'case', 'document'].map((name) =>
    digest(`${name} key`),
  );
  if (!root || !organisationKey || !caseKey || !documentKey) throw new Error('four keys');
  const organisationContext = `hikitsugi/organisation-key/1/${month}/${organisation}`;
  const wraps = {
    organisationKey: await seal(root, ['hikitsugi/key-service/v1', rootRef, organisationContext], organisationKey),
    caseKey: await seal(organisationKey, ['hikitsugi/case-key', '1', '1', caseId, organisation, month], caseKey),
    documentKey: await seal(caseKey, ['hikitsugi/document-key', '1', '1', organisation, caseId, objectId], documentKey),
    document: await seal(
      documentKey,
      ['hikitsugi/document', '1', '1', organisation, caseId, objectId, mediaType],
      Buffer.from('指導要録の写し\n'),
    ),
  };
  return { ...of, wraps, detail: await detailVector() };
}

async function seal(key: Buffer, parts: readonly string[], message: Buffer) {
  const context = Buffer.concat(
    parts.map((part) => {
      const bytes = Buffer.from(part, 'utf8');
      return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes]);
    }),
  );
  const salt = digest(`salt of ${parts[0]}`).subarray(0, 24);
  const sealed = Buffer.from(await referenceSeal({ key, context, salt, plaintext: message }));
  const fields = { key, context, salt, message, sealed };
  return { parts: [...parts], ...mapHex(fields) };
}

/** salt(24) ‖ counter(12) ‖ AES-256-GCM; key = HKDF-Expand-SHA-512(key, label ‖ salt, 32); the first counter is 1. */
async function detailVector() {
  const key = digest('detail key');
  const salt = digest('salt of detail').subarray(0, 24);
  const plaintext = Buffer.concat([digest('salt of the commitment'), Buffer.from('{"caseId":null}')]);
  const hmac = await crypto.subtle.importKey('raw', Uint8Array.from(key), { name: 'HMAC', hash: 'SHA-512' }, false, [
    'sign',
  ]);
  const info = Buffer.concat([Buffer.from('hikitsugi audit detail'), salt, Uint8Array.of(1)]);
  const first = new Uint8Array(await crypto.subtle.sign('HMAC', hmac, Uint8Array.from(info)));
  const aead = await crypto.subtle.importKey('raw', first.slice(0, 32), 'AES-GCM', false, ['encrypt']);
  const iv = Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
  const ciphertext = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, aead, Uint8Array.from(plaintext));
  const sealed = Buffer.concat([salt, iv, Buffer.from(ciphertext)]);
  const commitment = createHash('sha256').update(plaintext).digest();
  return mapHex({ key, plaintext, commitment, sealed });
}

function mapHex<K extends string>(fields: Readonly<Record<K, Buffer>>): Record<K, string> {
  const texts = Object.entries<Buffer>(fields).map(([name, bytes]) => [name, bytes.toString('hex')]);
  // Sound: the same names as in `fields`.
  return Object.fromEntries(texts) as Record<K, string>;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
