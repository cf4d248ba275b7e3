/** Of a report or hold the first eight characters: enough to name it on the telephone. */
export function numberOf(id: string): string {
  return id.slice(0, 8).toUpperCase();
}
