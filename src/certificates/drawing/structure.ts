import {
  type PDFDocument,
  PDFHexString,
  PDFName,
  PDFNumber,
  PDFOperator,
  PDFOperatorNames,
  type PDFPage,
  type PDFRef,
} from 'pdf-lib';

/** Standard structure types (ISO 32000-2 §14.8.4) that a certificate needs. */
export type Tag = 'Document' | 'H1' | 'P' | 'Table' | 'TR' | 'TH' | 'TD' | 'Figure';

/** An element of the document's structure: what a screen reader goes through, in the order of drawing. */
export interface StructureElement {
  readonly tag: Tag;
  readonly alternative: string | null;
  readonly kids: (StructureElement | MarkedContent)[];
}

interface MarkedContent {
  readonly page: PDFPage;
  readonly id: number;
}

/** The structure of a document in the making. */
export interface Structure {
  readonly root: StructureElement;
  /** How many pieces of a page are marked already. */
  readonly marked: Map<PDFPage, number>;
}

export function newStructure(): Structure {
  return { root: newElement('Document'), marked: new Map() };
}

export function newElement(tag: Tag, alternative: string | null = null): StructureElement {
  return { tag, alternative, kids: [] };
}

/** Marks whatever is drawn meanwhile as content of an element. */
export function drawMarked(
  { marked }: Structure,
  { page, element }: { readonly page: PDFPage; readonly element: StructureElement },
  draw: () => void,
): void {
  const count = marked.get(page) ?? 0;
  marked.set(page, count + 1);
  const operands = [PDFName.of(element.tag), `<< /MCID ${count} >>`];
  page.pushOperators(PDFOperator.of(PDFOperatorNames.BeginMarkedContentSequence, operands));
  draw();
  page.pushOperators(PDFOperator.of(PDFOperatorNames.EndMarkedContent));
  element.kids.push({ page, id: count });
}

/** Lines and page numbers say nothing (§14.8.2.2). */
export function drawArtifact(page: PDFPage, draw: () => void): void {
  page.pushOperators(PDFOperator.of(PDFOperatorNames.BeginMarkedContent, [PDFName.of('Artifact')]));
  draw();
  page.pushOperators(PDFOperator.of(PDFOperatorNames.EndMarkedContent));
}

/** Writes the structure tree with the way back from each page (§14.7.4, §14.7.5.4). */
export function writeStructure(document: PDFDocument, { root }: Structure): void {
  const { context, catalog } = document;
  const tree = context.nextRef();
  const owners = new Map<PDFPage, PDFRef[]>();
  const top = writeElement(document, { element: root, parent: tree, owners });
  const numbers = document.getPages().flatMap((page, index) => {
    page.node.set(PDFName.of('StructParents'), PDFNumber.of(index));
    page.node.set(PDFName.of('Tabs'), PDFName.of('S'));
    return [PDFNumber.of(index), context.obj(owners.get(page) ?? [])];
  });
  const parents = context.register(context.obj({ Nums: context.obj(numbers) }));
  context.assign(tree, context.obj({ Type: 'StructTreeRoot', K: [top], ParentTree: parents }));
  catalog.set(PDFName.of('StructTreeRoot'), tree);
  catalog.set(PDFName.of('MarkInfo'), context.obj({ Marked: true }));
}

function writeElement(
  document: PDFDocument,
  of: {
    readonly element: StructureElement;
    readonly parent: PDFRef;
    readonly owners: Map<PDFPage, PDFRef[]>;
  },
): PDFRef {
  const { context } = document;
  const { element, parent, owners } = of;
  const own = context.nextRef();
  const kids = element.kids.map((kid) => {
    if ('tag' in kid) return writeElement(document, { element: kid, parent: own, owners });
    const known = owners.get(kid.page) ?? [];
    known[kid.id] = own;
    owners.set(kid.page, known);
    return context.obj({ Type: 'MCR', Pg: kid.page.ref, MCID: kid.id });
  });
  const dictionary = context.obj({ Type: 'StructElem', S: element.tag, P: parent, K: context.obj(kids) });
  if (element.alternative !== null) dictionary.set(PDFName.of('Alt'), PDFHexString.fromText(element.alternative));
  context.assign(own, dictionary);
  return own;
}
