import type { Fault } from '../faults.ts';

/** A reader of a format that can be judged byte by byte; it keeps nothing of what passes. */
export interface ImageReader {
  take(piece: Uint8Array): Fault | undefined;
  end(): Fault | undefined;
  /** Whether it says more than the picture shows: place, device, author. */
  hasMetadata(): boolean;
}

const maxSide = 30_000;
/** A3 at 1,200 dpi fits. */
const maxPixels = 300_000_000;

/** Sizes that no scanner makes are meant to exhaust who opens the picture. */
export function isSane(width: number, height: number): boolean {
  return width > 0 && height > 0 && width <= maxSide && height <= maxSide && width * height <= maxPixels;
}
