import type { Progress } from './cli.ts';
import { bytesText } from './format.ts';

const redrawMs = 100;
const barCells = 24;

/** A bar on a terminal; elsewhere one line at the end. */
export function openProgress(
  screen: { readonly isTTY?: boolean; write(text: string): unknown },
  label: string,
  totalBytes: number | null,
): Progress {
  const began = performance.now();
  let bytes = 0;
  let drawnAt = 0;

  function line(): string {
    const seconds = (performance.now() - began) / 1000;
    const speed = seconds < 0.05 ? '' : `  ${bytesText(bytes / seconds)}/s`;
    if (totalBytes === null || totalBytes === 0) return `  ${label}  ${bytesText(bytes)}${speed}`;
    const share = Math.min(1, bytes / totalBytes);
    const filled = Math.round(share * barCells);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(barCells - filled)}`;
    return `  ${bar} ${String(Math.round(share * 100)).padStart(3)} %  ${label}  ${bytesText(bytes)}${speed}`;
  }

  return {
    add(more) {
      bytes += more;
      const now = performance.now();
      if (screen.isTTY !== true || now - drawnAt < redrawMs) return;
      drawnAt = now;
      screen.write(`\r\u001b[K${line()}`);
    },
    end() {
      screen.write(`${screen.isTTY === true ? '\r\u001b[K' : ''}${line()}\n`);
    },
  };
}
