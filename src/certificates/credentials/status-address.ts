export const statusListsPath = '/status-lists';

/** Where a status list is fetched: what credentials name, and `sub` of the list. */
export function listAddress(origin: string, listId: string): string {
  return `${origin}${statusListsPath}/${listId}`;
}
