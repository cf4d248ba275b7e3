/**
 * The order of the house: a place may use what stands in a later line, never a neighbour in its own line and nothing
 * above. A name with a dot is a file at the root of src/, any other a folder.
 */
export const order: readonly (readonly string[])[] = [
  ['main.ts', 'migrate.node.ts', 'appoint-administrator.node.ts', 'worker.ts', 'build.node.ts'],
  ['serve.node.ts'],
  ['resources.node.ts', 'worker-resources.ts'],
  ['app.ts', 'waiting-app.ts'],
  ['log-routes.ts', 'health-routes.ts', 'docs-routes.tsx'],
  ['gateway.ts'],
  ['trust-material.ts', 'settings.ts'],
  ['board'],
  ['certificates'],
  ['administration'],
  ['transfers'],
  ['verification'],
  ['locker', 'records'],
  ['identity'],
  ['directory'],
  ['notices'],
  ['policy'],
  ['audit'],
  ['objects', 'keys'],
  ['crypto', 'database', 'web'],
];

/** Everybody may use these, and they use nothing but each other. */
export const leaves: readonly string[] = ['result.ts', 'faults.ts', 'clock.ts'];

/** What a request carries and what a room is given: types for everybody, values for nobody below. */
export const typesForAll: readonly string[] = ['gateway.ts', 'app-env.ts'];

/** Beside the house: they use it, it never uses them, nor they each other unless the set says so. */
export const outside: Readonly<Record<string, readonly string[]>> = {
  demo: ['cli'],
  cli: [],
  bench: ['demo', 'cli'],
};

/** Of the house, the command line may use only what verifies without a gateway. */
export const cliMayUse: readonly string[] = ['verification', 'crypto', 'audit', 'records', ...leaves];

/**
 * Which rooms may use a package. One room each; the frameworks that every room is written in are the exception, and
 * `*` stands for them. `root` is the files at the root of src/.
 */
export const vendors: Readonly<Record<string, readonly string[]>> = {
  hono: ['*'],
  '@hono/zod-openapi': ['*'],
  zod: ['*'],
  'drizzle-orm': ['*'],
  '@hono/node-server': ['root', 'bench', 'cli'],
  esbuild: ['root', 'web', 'verification'],
  postgres: ['database', 'demo'],
  '@aws-sdk/client-s3': ['objects'],
  '@smithy/node-http-handler': ['objects'],
  // In the bench as B8's baseline alone.
  jose: ['crypto', 'bench'],
  // In the browser alone.
  qr: ['verification'],
  // In the browser alone, in the place of node:crypto.
  '@noble/hashes': ['verification'],
  canonicalize: ['crypto'],
  saxes: ['crypto'],
  fflate: ['crypto'],
  '@remix-run/multipart-parser': ['transfers'],
  'openid-client': ['identity'],
  qrcode: ['web'],
  // In the browser alone, in the frame without origin.
  'pdfjs-dist': ['web'],
  'pdf-lib': ['certificates', 'demo', 'bench'],
  '@cantoo/fontkit': ['certificates', 'demo'],
  '@peculiar/x509': ['demo'],
  asn1js: ['demo', 'crypto'],
  pkijs: ['demo', 'web'],
  'node-forge': ['records', 'demo', 'web'],
  'oidc-provider': ['demo'],
  'reflect-metadata': ['demo'],
  '@tus/server': ['bench'],
  '@tus/file-store': ['bench'],
};

/** node-forge still accepts forged RSA signatures: it opens PKCS#12 files and makes demonstration certificates, no more. */
export const forgeFiles: readonly RegExp[] = [/^records\/pkcs12\.ts$/, /^demo\//, /^web\/assets\/certificate-file\//];

/** What of Node workerd has too; everything else of it is for `*.node.ts`. */
export const neutralBuiltins: readonly string[] = ['node:crypto', 'node:buffer', 'node:async_hooks', 'node:zlib'];

/** Files that are Node's own without the ending: entries, and what stands outside the house. */
export const nodeFiles: readonly RegExp[] = [/\.node\.tsx?$/, /^main\.ts$/, /^(demo|cli|bench)\//];

/** The only readers of the environment. */
export const environmentReaders: readonly RegExp[] = [
  /^(main|migrate\.node|appoint-administrator\.node|build\.node)\.ts$/,
  /^(demo|cli|bench)\//,
];

/** Writes the demonstration's rows: the one stranger to a room's tables. */
export const seeders: readonly RegExp[] = [/^demo\//, /^bench\//];
