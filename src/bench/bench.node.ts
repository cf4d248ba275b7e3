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
  const listOf = (name: string) =>
    process.argv
      .find((argument) => argument.startsWith(`--${name}=`))
      ?.slice(name.length + 3)
      .split(',') ?? null;
  // `--only=package,tus` while working on one of them; `--log-sizes=100000,10000000` where the log is to be measured.
  const logSizes = listOf('log-sizes')?.map(Number) ?? null;
  await runBench(process.argv.includes('--quick') ? 'quick' : 'full', listOf('only'), logSizes);
}
