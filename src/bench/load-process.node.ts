import type { ChildProcess } from 'node:child_process';
import type { LoadJob, LoadReply, TurnResult } from './messages.ts';

export interface LoadProcess {
  /** Waits for the end of the job; `whenMeasuring` is told when the time begins to count. */
  ask(job: LoadJob, whenMeasuring?: () => Promise<void>): Promise<TurnResult | null>;
  stop(): void;
}

export function askLoad(child: ChildProcess): LoadProcess {
  return {
    ask: (job, whenMeasuring) =>
      new Promise((resolve, reject) => {
        let noted: Promise<void> | undefined;
        const gone = (): void => reject(new Error('the load generator ended'));
        const take = (reply: LoadReply): void => {
          switch (reply.kind) {
            case 'measuring':
              noted = whenMeasuring?.();
              return;
            case 'ready':
              return end(() => resolve(null));
            case 'measured':
              return end(() => resolve(noted === undefined ? reply.result : noted.then(() => reply.result)));
            case 'failed':
              return end(() => reject(new Error(reply.reason)));
          }
        };
        function end(then: () => void): void {
          child.off('message', take);
          child.off('exit', gone);
          then();
        }
        child.on('message', take);
        child.once('exit', gone);
        child.send(job);
      }),
    stop: () => void child.kill('SIGKILL'),
  };
}
