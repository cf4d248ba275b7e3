import { existsSync } from 'node:fs';
import { hasTool, runTool } from '../../support/tools.ts';

const jars = ['pdfbox2', 'fontbox2', 'bcprov', 'bcpkix', 'bcutil', 'commons-logging'].map(
  (name) => `/usr/share/java/${name}.jar`,
);

/** Whether PDFBox and BouncyCastle are on this machine; says so when they are not. */
export function hasJava(): boolean {
  const isThere = jars.every((jar) => existsSync(jar));
  if (!isThere) console.warn('skipped: PDFBox and BouncyCastle are not installed, their cross-checks do not run');
  return isThere && hasTool('java', '-version');
}

/** Runs a program of one file with PDFBox and BouncyCastle. */
export function runJava(
  parameters: readonly string[],
  files: Parameters<typeof runTool>[2],
): ReturnType<typeof runTool> {
  return runTool('java', ['-cp', jars.join(':'), ...parameters], files);
}
