import { type PDFDocument, PDFName, PDFNumber } from 'pdf-lib';

export interface DocumentFacts {
  readonly title: string;
  readonly author: string;
  readonly language: 'ja' | 'en';
  readonly at: Date;
}

const producer = 'Hikitsugi';

/** Title, language and time, in the information dictionary and in XMP alike (ISO 32000-2 §14.3); no claim to PDF/A. */
export function writeMetadata(document: PDFDocument, facts: DocumentFacts): void {
  const { title, author, language, at } = facts;
  document.setTitle(title, { showInWindowTitleBar: true });
  document.setAuthor(author);
  document.setLanguage(language);
  document.setProducer(producer);
  document.setCreator(producer);
  document.setCreationDate(at);
  document.setModificationDate(at);
  const { context, catalog } = document;
  const packet = new TextEncoder().encode(xmp(facts));
  const stream = context.stream(packet, { Type: 'Metadata', Subtype: 'XML', Length: PDFNumber.of(packet.length) });
  catalog.set(PDFName.of('Metadata'), context.register(stream));
}

/** ISO 16684-1, as a packet that may be found without a PDF reader. */
function xmp({ title, author, language, at }: DocumentFacts): string {
  const time = `${at.toISOString().slice(0, 19)}Z`;
  return `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:pdf="http://ns.adobe.com/pdf/1.3/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">${escapeXml(title)}</rdf:li></rdf:Alt></dc:title>
   <dc:creator><rdf:Seq><rdf:li>${escapeXml(author)}</rdf:li></rdf:Seq></dc:creator>
   <dc:language><rdf:Bag><rdf:li>${language}</rdf:li></rdf:Bag></dc:language>
   <xmp:CreateDate>${time}</xmp:CreateDate>
   <xmp:ModifyDate>${time}</xmp:ModifyDate>
   <xmp:MetadataDate>${time}</xmp:MetadataDate>
   <xmp:CreatorTool>${producer}</xmp:CreatorTool>
   <pdf:Producer>${producer}</pdf:Producer>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
