import { fetchText } from './fetch-text.ts';

const limits = { accept: 'application/statuslist+jwt', maxBytes: 2 * 1024 * 1024 } as const;

/** Fetches one status list and nothing else. Null when it did not come whole. */
export async function fetchStatusList(uri: string): Promise<string | null> {
  const answer = await fetchText(uri, limits);
  return answer?.status === 200 ? answer.text.trim() : null;
}
