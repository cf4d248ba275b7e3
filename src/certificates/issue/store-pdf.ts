import type { ActorScope } from '../../database/scope.ts';
import type { Gateway } from '../../gateway.ts';
import type { StoredDocument } from '../../locker/store-document.ts';
import { newId } from '../../transfers/ids.ts';
import { CopyNotMade } from './make-copy.ts';

/**
 * Puts a file into the locker under the key of its request; `markStored` belongs to the transaction of its effect.
 * @throws {CopyNotMade} {ObjectStoreError} {KeyServiceUnavailable}
 */
export async function storePdf(
  { database, locker }: Pick<Gateway, 'database' | 'locker'>,
  of: {
    readonly scope: ActorScope;
    readonly requestId: string;
    readonly schoolCode: string;
    readonly pdf: Uint8Array;
  },
): Promise<StoredDocument> {
  const { scope, requestId, schoolCode, pdf } = of;
  const object = {
    caseId: requestId,
    organisation: schoolCode,
    objectId: newId(),
    mediaType: 'application/pdf',
  };
  const reservation = await database.transaction(scope, (tx) => locker.reserve(tx, object));
  if (reservation === null) throw new CopyNotMade('no-key');
  const source = (async function* whole() {
    yield pdf;
  })();
  const stored = await locker.storeDocument({
    reservation,
    source,
    maxBytes: pdf.length,
    expectedBytes: pdf.length,
  });
  if (!stored.ok) throw new CopyNotMade(stored.fault.code);
  return stored.value;
}
