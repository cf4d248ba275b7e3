import { serveLoad } from './load.node.ts';
import { serverRoles } from './messages.ts';
import { runBench } from './run.node.ts';
import { serveRole } from './servers.node.ts';

/**
 * `npm run bench`: what the gateway does against plain servers on the same machine, in one run (docs/performance.md).
 * The same program is started again as each of the servers and as the load generator.
 */
const role = process.env['BENCH_ROLE'] ?? '';
const server = serverRoles.find((known) => known === role);
if (server !== undefined) await serveRole(server);
else if (role === 'load') serveLoad();
else {
  // `--only=package,tus` while working on one of them.
  const only = process.argv.find((argument) => argument.startsWith('--only='))?.slice('--only='.length);
  await runBench(process.argv.includes('--quick') ? 'quick' : 'full', only?.split(',') ?? null);
}
