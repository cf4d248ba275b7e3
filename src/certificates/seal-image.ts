import { fault } from '../faults.ts';
import { pngReader } from '../records/inspect-png.ts';
import { ok, type Result, refuse } from '../result.ts';

const maxSealImageBytes = 100 * 1024;
const maxSidePixels = 1_200;

/** A school's stamp: a small, whole PNG that says nothing but its picture. Faults: certificate.seal-image */
export function checkSealImage(image: Uint8Array): Result<Uint8Array> {
  const wrong = (detail: string) => refuse(fault('certificate.seal-image', { detail }));
  if (image.length > maxSealImageBytes) return wrong('bytes');
  const reader = pngReader();
  const refused = reader.take(image) ?? reader.end();
  if (refused !== undefined) return wrong(refused.detail ?? refused.code);
  // Place, device or author would be handed out with every certificate.
  if (reader.hasMetadata()) return wrong('metadata');
  const view = new DataView(image.buffer, image.byteOffset, image.byteLength);
  // ISO 15948 §11.2.2: IHDR is the first chunk, with width and height first in it.
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  return width > maxSidePixels || height > maxSidePixels ? wrong('pixels') : ok(image);
}
