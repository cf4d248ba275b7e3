import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { type Bucket, isStatus, openBucket, orMissing, type S3Settings } from './s3-client.ts';
import { abortMultipart, headBytes, putObject } from './s3-put.ts';
import { selfTestStore } from './self-test.ts';
import { type ByteRange, checkObjectKey, type ObjectStore } from './store.ts';

/**
 * Keeps objects in an S3-compatible bucket. Integrity comes from our own digest and AEAD: the SDK's checksums break several
 * providers, an ETag is no hash. A lifecycle rule of the bucket should end multipart uploads after two days.
 */
export function openS3Store(settings: S3Settings): ObjectStore {
  const bucket = openBucket(settings);
  const store: ObjectStore = {
    async put(key, body) {
      checkObjectKey(key);
      return putObject(bucket, key, body);
    },
    async get(key, range) {
      checkObjectKey(key);
      return getObject(bucket, key, range);
    },
    async head(key) {
      checkObjectKey(key);
      const bytes = await headBytes(bucket, key);
      return bytes === null ? null : { bytes };
    },
    async delete(key) {
      checkObjectKey(key);
      await orMissing(bucket.client.send(new DeleteObjectCommand({ Bucket: bucket.name, Key: key })));
    },
    list: (prefix, after) => listObjects(bucket, prefix, after),
    async replace(key, bytes) {
      checkObjectKey(key);
      await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: bytes }));
    },
    sweep: (before) => abortUploads(bucket, before),
    selfTest: () => selfTestStore(store),
  };
  return store;
}

async function abortUploads(bucket: Bucket, before: Date): Promise<void> {
  const command = new ListMultipartUploadsCommand({ Bucket: bucket.name });
  const found = await bucket.client.send(command).catch((error: unknown) => {
    // Not every store can list them: there the bucket's lifecycle rule is alone.
    if (isStatus(error, 501)) return null;
    throw error;
  });
  for (const upload of found?.Uploads ?? []) {
    if (upload.Key === undefined || upload.UploadId === undefined) continue;
    if (upload.Initiated === undefined || upload.Initiated >= before) continue;
    await abortMultipart(bucket, upload.Key, upload.UploadId);
  }
}

async function getObject(
  bucket: Bucket,
  key: string,
  range: ByteRange | undefined,
): Promise<AsyncIterable<Uint8Array> | null> {
  const wanted = range === undefined ? {} : { Range: `bytes=${range.from}-${range.to ?? ''}` };
  const command = new GetObjectCommand({ Bucket: bucket.name, Key: key, ...wanted });
  try {
    const found = await orMissing(bucket.client.send(command));
    // Sound: a readable of Node and a ReadableStream of workerd both iterate over bytes.
    return found?.Body === undefined ? null : (found.Body as unknown as AsyncIterable<Uint8Array>);
  } catch (error) {
    if (isStatus(error, 416)) return nothing();
    throw error;
  }
}

async function* listObjects(bucket: Bucket, prefix: string, after?: string): AsyncGenerator<string, void, undefined> {
  let token: string | undefined;
  do {
    const page = await bucket.client.send(
      new ListObjectsV2Command({
        Bucket: bucket.name,
        Prefix: prefix,
        ...(after === undefined ? {} : { StartAfter: after }),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const entry of page.Contents ?? []) if (entry.Key !== undefined) yield entry.Key;
    token = page.NextContinuationToken;
  } while (token !== undefined);
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}
