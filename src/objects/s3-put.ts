import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { createByteQueue, push, takeExactly } from '../crypto/byte-queue.ts';
import { type Bucket, isNamed, isStatus, orMissing } from './s3-client.ts';
import { ObjectStoreError } from './store.ts';

/** Up to here one request; above it multipart in parts of this size. */
const partBytes = 8 * 1024 * 1024;

/** One conditional request for a small body, multipart with a conditional end for a large one; parts are dropped on failure. */
export async function putObject(
  bucket: Bucket,
  key: string,
  body: AsyncIterable<Uint8Array>,
): Promise<'stored' | 'exists'> {
  const queue = createByteQueue();
  const iterator = body[Symbol.asyncIterator]();
  let upload: Multipart | null = null;
  try {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      push(queue, next.value);
      // Strictly more: what is left at the end is never empty.
      while (queue.length > partBytes) {
        upload ??= await beginMultipart(bucket, key);
        await sendPart(bucket, upload, takeExactly(queue, partBytes));
      }
    }
    const rest = takeExactly(queue, queue.length);
    if (upload === null) return await createObject(bucket, key, rest);
    await sendPart(bucket, upload, rest);
    return await completeMultipart(bucket, upload);
  } catch (error) {
    if (upload !== null) {
      // A part that arrives after the end of its upload would stay.
      await upload.pending.catch(() => undefined);
      await abortMultipart(bucket, upload.key, upload.id);
    }
    throw error;
  } finally {
    await iterator.return?.();
  }
}

async function createObject(bucket: Bucket, key: string, bytes: Uint8Array): Promise<'stored' | 'exists'> {
  const command = new PutObjectCommand({
    Bucket: bucket.name,
    Key: key,
    Body: bytes,
    ContentLength: bytes.length,
    IfNoneMatch: '*',
  });
  return createdOrExists(() => bucket.client.send(command));
}

interface Multipart {
  readonly key: string;
  readonly id: string;
  readonly parts: { PartNumber: number; ETag: string }[];
  /** The part under way while the next one is filled. */
  pending: Promise<void>;
}

async function beginMultipart(bucket: Bucket, key: string): Promise<Multipart> {
  const begun = await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key: key }));
  if (begun.UploadId === undefined) throw new ObjectStoreError('the store began no multipart upload');
  return { key, id: begun.UploadId, parts: [], pending: Promise.resolve() };
}

async function sendPart(bucket: Bucket, upload: Multipart, bytes: Uint8Array): Promise<void> {
  await upload.pending;
  upload.pending = uploadPart(bucket, upload, bytes);
  // Awaited with the next part; without this a failure meanwhile would count as unhandled.
  upload.pending.catch(() => undefined);
}

async function uploadPart(bucket: Bucket, upload: Multipart, bytes: Uint8Array): Promise<void> {
  const number = upload.parts.length + 1;
  const command = new UploadPartCommand({
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumber: number,
    Body: bytes,
    ContentLength: bytes.length,
  });
  const { ETag } = await bucket.client.send(command);
  if (ETag === undefined) throw new ObjectStoreError('the store took a part without naming it');
  upload.parts.push({ PartNumber: number, ETag });
}

async function completeMultipart(bucket: Bucket, upload: Multipart): Promise<'stored' | 'exists'> {
  await upload.pending;
  // Several stores ignore the condition below (radosgw, local R2); large objects have random keys, so no race is left.
  if ((await headBytes(bucket, upload.key)) !== null) {
    await abortMultipart(bucket, upload.key, upload.id);
    return 'exists';
  }
  const command = new CompleteMultipartUploadCommand({
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    MultipartUpload: { Parts: upload.parts },
    IfNoneMatch: '*',
  });
  const outcome = await createdOrExists(async () => {
    try {
      await bucket.client.send(command);
    } catch (error) {
      // The answer to a first try got lost: the upload is gone because it was completed (F-09).
      if (!isNamed(error, 'NoSuchUpload') || (await headBytes(bucket, upload.key)) === null) throw error;
    }
  });
  if (outcome === 'exists') await abortMultipart(bucket, upload.key, upload.id);
  return outcome;
}

/** 412: it exists. 409: another conditional write is under way; after a pause the answer is clear. */
async function createdOrExists(create: () => Promise<unknown>): Promise<'stored' | 'exists'> {
  for (let attempt = 1; ; attempt++) {
    try {
      await create();
      return 'stored';
    } catch (error) {
      if (isStatus(error, 412)) return 'exists';
      if (!isStatus(error, 409) || attempt === 5) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, 50 * 2 ** attempt * Math.random()));
  }
}

export async function headBytes(bucket: Bucket, key: string): Promise<number | null> {
  const found = await orMissing(bucket.client.send(new HeadObjectCommand({ Bucket: bucket.name, Key: key })));
  return found?.ContentLength ?? null;
}

export async function abortMultipart(bucket: Bucket, key: string, id: string): Promise<void> {
  const command = new AbortMultipartUploadCommand({ Bucket: bucket.name, Key: key, UploadId: id });
  // What stays is ended by `sweep` or the bucket's lifecycle rule; the cause must not be hidden by this.
  await bucket.client.send(command).catch(() => undefined);
}
