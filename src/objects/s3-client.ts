import { S3Client, type S3ClientConfig, S3ServiceException } from '@aws-sdk/client-s3';

export interface S3Settings {
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** On Node from `s3-handler.node.ts`; in workerd the SDK's own, over fetch. */
  readonly requestHandler?: S3ClientConfig['requestHandler'];
}

export interface Bucket {
  readonly client: S3Client;
  readonly name: string;
}

export function openBucket(settings: S3Settings): Bucket {
  const { accessKeyId, secretAccessKey, requestHandler } = settings;
  const client = new S3Client({
    endpoint: settings.endpoint,
    region: settings.region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // Bounded retries with backoff (F-06); a body is one buffer, so that it can be sent again.
    maxAttempts: 4,
    ...(requestHandler === undefined ? {} : { requestHandler }),
  });
  if (settings.endpoint.startsWith('https:')) skipPayloadHash(client);
  return { client, name: settings.bucket };
}

/** Over TLS the payload need not be hashed for the signature: our own digest and AEAD protect it already. */
function skipPayloadHash(client: S3Client): void {
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (typeof request === 'object' && request !== null && 'headers' in request) {
        // Sound: at this step the SDK's request is an HttpRequest, whose headers are a record of strings.
        (request.headers as Record<string, string>)['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      }
      return next(args);
    },
    { step: 'build', name: 'unsignedPayload' },
  );
}

/** Null instead of the error that says: not there. */
export async function orMissing<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (isStatus(error, 404)) return null;
    throw error;
  }
}

export function isStatus(error: unknown, status: number): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === status;
}

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
