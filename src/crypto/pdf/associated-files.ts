import { decodeStream } from './decode-stream.ts';
import { arrayIn, catalogOf } from './form.ts';
import { isDictionary, newBudget, type PdfDictionary, PdfRefused } from './values.ts';
import { follow, type PdfView } from './view.ts';

const maxFiles = 8;

/** The files that go with the whole document (ISO 32000-2 §14.13); those that cannot be read are left out. */
export function readAssociatedFiles(view: PdfView): readonly Uint8Array[] {
  const budget = newBudget();
  return arrayIn(view, catalogOf(view)?.entries.get('AF'))
    .slice(0, maxFiles)
    .flatMap((value) => {
      const specification = follow(view, value);
      const files = isDictionary(specification) ? follow(view, specification.entries.get('EF')) : null;
      const stream = isDictionary(files) ? follow(view, files.entries.get('F')) : null;
      const content = isDictionary(stream) ? contentOf(view, stream, budget) : null;
      return content === null ? [] : [content];
    });
}

function contentOf(view: PdfView, stream: PdfDictionary, budget: ReturnType<typeof newBudget>): Uint8Array | null {
  try {
    return decodeStream(view.file.bytes, stream, budget);
  } catch (error) {
    if (error instanceof PdfRefused) return null;
    throw error;
  }
}
