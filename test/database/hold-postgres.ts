import { openEmbeddedPostgres } from '../../src/demo/postgres.node.ts';

/** Holds an embedded PostgreSQL open until its standard input ends, for tests that kill it. */
const server = await openEmbeddedPostgres({ folder: process.argv[2] ?? '', port: 0, keep: 'durable' });
process.stdout.write(`${server.ownerUrl()}\n`);
if (process.argv[3] !== 'forget') {
  process.stdin.resume();
  process.stdin.once('end', () => void server.stop());
}
