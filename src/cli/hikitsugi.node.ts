import { systemClock } from '../clock.ts';
import { openProgress } from './progress.node.ts';
import { run } from './run.ts';
import { chooseCliLocale } from './text.ts';

const args = process.argv.slice(2);
const silent = { add() {}, end() {} };

// Whoever reads may stop reading (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

// Not process.exit: what is still to be written to a pipe would be lost.
process.exitCode = await run(
  args,
  {
    environment: process.env,
    locale: chooseCliLocale(args, process.env),
    clock: systemClock,
    tell: (line) => process.stderr.write(`${line}\n`),
    ended: () =>
      new Promise((resolve) => ['SIGINT', 'SIGTERM'].forEach((signal) => process.once(signal, () => resolve()))),
    progress: (label, bytes) => (args.includes('--json') ? silent : openProgress(process.stderr, label, bytes)),
  },
  { out: (text) => process.stdout.write(`${text}\n`), error: (text) => process.stderr.write(`${text}\n`) },
);
