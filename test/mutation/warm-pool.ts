import { ForksPoolWorker, type PoolOptions, type PoolWorker, type WorkerRequest } from 'vitest/node';

type Listener = Parameters<PoolWorker['on']>[1];

/** How many runs a process serves: what a mutant leaves behind in it cannot spoil more than these. */
const runsPerProcess = 40;

/**
 * One process that outlives a run of tests, so that the modules are loaded once and not at every mutant: Stryker
 * switches mutants on and off while they run. A mutant of what a module does when it is loaded needs a process that
 * has loaded none, and spoils it for the next.
 */
export function warmPool() {
  let warm: { readonly process: ForksPoolWorker; runs: number; isSpoilt: boolean } | null = null;

  function openWorker(options: PoolOptions): PoolWorker {
    const isStatic = options.project.getProvidedContext()['mutantActivation' as never] === 'static';
    const listeners: [event: string, listener: Listener][] = [];
    let process = new ForksPoolWorker(options);
    const tell = (message: object) => {
      for (const [event, listener] of listeners) if (event === 'message') listener(message);
    };
    return {
      name: 'warm',
      cacheFs: true,
      async start() {
        if (warm !== null && (isStatic || warm.isSpoilt || warm.runs >= runsPerProcess)) {
          await warm.process.stop();
          warm = null;
        }
        if (warm === null) {
          await process.start();
          const opened = { process, runs: 0, isSpoilt: isStatic };
          process.on('exit', () => {
            if (warm === opened) warm = null;
          });
          warm = opened;
        }
        process = warm.process;
        warm.runs += 1;
      },
      on(event, listener) {
        listeners.push([event, listener]);
        process.on(event, listener);
      },
      off(event, listener) {
        process.off(event, listener);
      },
      send(message: WorkerRequest) {
        // The process is not told to end: it stays for the next run.
        if (message.type === 'stop') tell({ type: 'stopped', __vitest_worker_response__: true });
        else process.send(message);
      },
      deserialize: (data) => data,
      async stop() {
        for (const [event, listener] of listeners) process.off(event, listener);
      },
    };
  }

  return {
    name: 'warm',
    createPoolWorker: openWorker,
    close: async () => {
      await warm?.process.stop();
      warm = null;
    },
  };
}
