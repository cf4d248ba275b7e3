import { showPdf } from './preview/show.ts';
import { readTexts } from './upload/texts.ts';

/** Draws the PDF of a document page (components/pdf-preview.tsx). Without this script the file is saved instead. */
for (const root of document.querySelectorAll<HTMLElement>('[data-pdf]')) {
  void showPdf(root, readTexts(root.dataset['texts']));
}
