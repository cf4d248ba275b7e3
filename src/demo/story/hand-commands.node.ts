import { spawnSync } from 'node:child_process';

/** One block of commands of the document, under its heading. */
export interface HandCommands {
  readonly heading: string;
  readonly script: string;
}

/** The shell blocks of docs/verify-by-hand.md, in their order; blocks in other languages are output or explanation. */
export function handCommands(markdown: string): readonly HandCommands[] {
  const found: HandCommands[] = [];
  let heading = '';
  for (const [, title, script] of markdown.matchAll(/^## (.+)$|^```sh\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    if (script !== undefined) found.push({ heading, script });
  }
  return found;
}

/** Runs all blocks in one shell, so that later ones see the files of earlier ones; stops at the first that fails. */
export function runByHand(
  commands: readonly HandCommands[],
  folder: string,
): { readonly status: number; readonly output: string } {
  const blocks = commands.map((one) => `echo '# ${one.heading.replaceAll("'", "'\\''")}'\n${one.script}`).join('\n');
  const run = spawnSync('sh', ['-e', '-u', '-c', `exec 2>&1\n${blocks}`], { cwd: folder, encoding: 'utf8' });
  return { status: run.status ?? -1, output: run.stdout.trimEnd() };
}

/** Which of the programs that the document uses are not on this machine. */
export function missingTools(): readonly string[] {
  const tools = { openssl: 'version', unzip: '-v', sha256sum: '--version', basenc: '--version' };
  return Object.entries(tools).flatMap(([name, asks]) => (spawnSync(name, [asks]).status === 0 ? [] : [name]));
}
