/** One thing to verify, as the reader gave it. */
export interface Given {
  readonly name: string;
  readonly content: Uint8Array | 'file.too-large' | 'file.unreadable';
}

const maxBytes = 64 * 1024 * 1024;

export async function readFiles(files: Iterable<File>): Promise<readonly Given[]> {
  return Promise.all(Array.from(files, readFile));
}

export function givenText(name: string, text: string): Given {
  return { name, content: new TextEncoder().encode(text.trim()) };
}

/** A file of the gateway that the page comes from, by its address there. */
export async function fetchFile(address: string): Promise<Given> {
  const name = address.split('/').slice(-2).join('/');
  const answer = await fetch(address).catch(() => null);
  const content = answer?.ok === true ? await answer.arrayBuffer().catch(() => null) : null;
  return { name, content: content === null ? 'file.unreadable' : new Uint8Array(content) };
}

/** What is too large is not even read: a browser that runs out of memory tells nobody anything. */
async function readFile(file: File): Promise<Given> {
  if (file.size > maxBytes) return { name: file.name, content: 'file.too-large' };
  const content = await file.arrayBuffer().catch(() => null);
  return { name: file.name, content: content === null ? 'file.unreadable' : new Uint8Array(content) };
}
