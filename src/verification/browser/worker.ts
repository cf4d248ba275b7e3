import { type Basis, type Finding, findAll, type Told, type Work } from './findings.ts';

/** What became of one piece of work. */
export interface Answer {
  /** Null when not even that was found out in time. */
  readonly basis: Basis | null;
  readonly findings: readonly Finding[];
}

/**
 * How long nothing may be heard. The largest file takes some seconds on a slow telephone, and what is asked of the gateway up to
 * twenty; whatever takes longer by far was made for it.
 */
const silenceMs = 60_000;

/** In the worker: does what the page sends, and tells it step by step. */
export function answerPage(): void {
  addEventListener('message', ({ data }: MessageEvent<Work>) => {
    void findAll(data, (told) => postMessage(told)).catch((error: unknown) => {
      // To the page it is an error of the worker, as any other.
      setTimeout(() => {
        throw error;
      });
    });
  });
}

/**
 * Verifies beside the page, which stays usable meanwhile and ends what takes too long. New work ends what was under way: its answer
 * is then null. Where no worker can be had it is done on the page, without that limit.
 *
 * @param openWorker - throws where the browser lets none be made
 */
export function openVerifier(openWorker: () => Worker): (work: Work) => Promise<Answer | null> {
  let endFormer = () => {};
  return (work) => {
    endFormer();
    return new Promise((resolve) => {
      const hearing = hear(work);
      const running = start(openWorker);
      let timer: ReturnType<typeof setTimeout> | undefined;
      const end = (answer: Answer | null) => {
        clearTimeout(timer);
        running?.terminate();
        resolve(answer);
      };
      endFormer = () => end(null);
      const tell = (told: Told) => hearing.told(told);
      const broken = () => end(hearing.answer('verifier.broken'));
      const here = () => void findAll(work, tell).then(broken, broken);
      if (running === null) return here();
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(() => end(hearing.answer('verifier.too-slow')), silenceMs);
      };
      running.addEventListener('message', ({ data }: MessageEvent<Told>) => {
        tell(data);
        if ('done' in data) broken();
        else wait();
      });
      running.addEventListener('error', (event) => {
        event.preventDefault();
        if (hearing.isSilent()) {
          // It never began: the browser lets no script run there.
          clearTimeout(timer);
          return here();
        }
        return broken();
      });
      wait();
      running.postMessage(work, []);
    });
  };
}

function start(openWorker: () => Worker): Worker | null {
  try {
    return openWorker();
  } catch {
    return null;
  }
}

/** Gathers what is told; whatever got no answer got none for one reason. */
function hear({ all }: Work) {
  let basis: Basis | null = null;
  let files: readonly string[] | null = null;
  const findings: Finding[] = [];
  return {
    told(told: Told): void {
      if ('basis' in told) basis = told.basis;
      else if ('files' in told) files = told.files;
      else if ('finding' in told) findings.push(told.finding);
    },
    isSilent: () => basis === null,
    answer(problem: 'verifier.broken' | 'verifier.too-slow'): Answer {
      const names = files ?? all.map(({ name }) => name);
      const rest = names.slice(findings.length).map((name) => ({ name, problem, reason: null }));
      return { basis, findings: [...findings, ...rest] };
    },
  };
}
