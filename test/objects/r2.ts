import { convertV4MiniflareOptions, Miniflare } from 'miniflare';
import { openS3Store } from '../../src/objects/s3.ts';
import type { S3Settings } from '../../src/objects/s3-client.ts';
import { openS3Handler } from '../../src/objects/s3-handler.node.ts';
import type { ObjectStore } from '../../src/objects/store.ts';

export interface R2Server {
  readonly settings: S3Settings;
  open(more?: Partial<S3Settings>): ObjectStore;
  close(): Promise<void>;
}

const credentials = { accessKeyId: 'hikitsugi-test', secretAccessKey: 'a-secret-for-the-tests-alone' };

/** The S3 endpoint of miniflare's R2: a real server that honours If-None-Match. */
export async function startR2(): Promise<R2Server> {
  const options = convertV4MiniflareOptions({
    modules: true,
    script: 'export default { fetch() { return new Response(null, { status: 404 }); } }',
    host: '127.0.0.1',
    port: 0,
    r2Buckets: { OBJECTS: { id: 'objects', s3Credentials: credentials } },
  });
  const server = new Miniflare(options);
  const url = await server.ready;
  const settings: S3Settings = {
    endpoint: new URL('cdn-cgi/local/r2/s3', url).href,
    region: 'auto',
    bucket: 'objects',
    ...credentials,
  };
  const handlers: ReturnType<typeof openS3Handler>[] = [];
  return {
    settings,
    open(more = {}) {
      const requestHandler = openS3Handler();
      handlers.push(requestHandler);
      return openS3Store({ ...settings, requestHandler, ...more });
    },
    async close() {
      for (const handler of handlers) handler.destroy();
      await server.dispose();
    },
  };
}
