import type { pdfJa } from '../ja/pdf.ts';

export const pdfEn = {
  'pdf.no-script': 'To see the PDF on this page your browser needs JavaScript. You can also save it and read it.',
  'pdf.loading': 'Reading the PDF…',
  'pdf.controls': 'Pages',
  'pdf.previous': 'Previous page',
  'pdf.next': 'Next page',
  'pdf.smaller': 'Smaller',
  'pdf.bigger': 'Larger',
  'pdf.place': 'Page {page} of {pages}',
  'pdf.page': 'Page {page} of {pages}',
  'pdf.frame': 'Content of {name} (PDF)',
  'pdf.incomplete': 'Some of this page may not be shown. Save the file and check it with your PDF reader.',
  'pdf.not-read': 'The PDF could not be read. Open this page again, or save the file.',
  'pdf.damaged': 'The PDF is damaged and cannot be shown. Save it and check it with your PDF reader.',
  'pdf.encrypted': 'A PDF with a password cannot be shown.',
  'pdf.too-large': 'A PDF larger than {limit} is not shown on this page. Save it to read it.',
  'pdf.too-many-pages': 'It has too many pages to be shown here. Save it to read it.',
  'pdf.too-slow': 'It took too long to show and was stopped. Save it to read it.',
  'pdf.broken': 'It could not be shown in this browser. Save it to read it.',
} satisfies Record<keyof typeof pdfJa, string>;
