/** Tells what happens, and keeps what did not hold. */
export interface Narrator {
  /** A new part of the job. */
  act(ja: string, en: string): void;
  say(text: string): void;
  /** A claim of the demonstration: printed, and remembered when it does not hold. */
  check(holds: boolean, ja: string, en: string): void;
  readonly failures: readonly string[];
}

export function openNarrator(print: (text: string) => void): Narrator {
  const failures: string[] = [];
  let number = 0;
  return {
    failures,
    act(ja, en) {
      number += 1;
      print(`\n■ ${number}. ${ja}\n     ${en}`);
    },
    say: (text) => print(text.replace(/^(?=.)/gm, '   ')),
    check(holds, ja, en) {
      print(`   ${holds ? '✓' : '✗'} ${ja} / ${en}`);
      if (!holds) failures.push(`${ja} / ${en}`);
    },
  };
}
