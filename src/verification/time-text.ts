/** In Japan's time, to the second, with the offset: what is printed is read in Japan. */
export function timeText(at: Date): string {
  return `${new Date(at.getTime() + 9 * 3_600_000).toISOString().slice(0, 19)}+09:00`;
}
