import { SaxesParser } from 'saxes';
import { parseBase64 } from './jose-encoding.ts';

/** A file that a container's signature covers. */
export interface AsicReference {
  /** Path inside the container, ASCII. */
  readonly name: string;
  readonly mediaType: string;
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string;
}

export interface AsicManifest {
  /** Path of the signature over the manifest's bytes. */
  readonly signature: string;
  readonly references: readonly AsicReference[];
}

export const asicManifestName = 'META-INF/ASiCManifest001.xml';
export const asicSignatureName = 'META-INF/signature001.p7s';

const asic = 'http://uri.etsi.org/02918/v1.2.1#';
const xmldsig = 'http://www.w3.org/2000/09/xmldsig#';
const sha256Uri = 'http://www.w3.org/2001/04/xmlenc#sha256';
const maxManifestBytes = 256 * 1024;

/** The bytes of ASiCManifest001.xml (ETSI EN 319 162-1 §A.4): these, exactly these, are signed. */
export function asicManifest(references: readonly AsicReference[]): Uint8Array {
  const lines = references.flatMap(({ name, mediaType, sha256 }) => [
    `  <asic:DataObjectReference URI="${uriOf(name)}" MimeType="${escapeXml(mediaType)}">`,
    `    <ds:DigestMethod Algorithm="${sha256Uri}"/>`,
    `    <ds:DigestValue>${Buffer.from(sha256, 'hex').toString('base64')}</ds:DigestValue>`,
    '  </asic:DataObjectReference>',
  ]);
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<asic:ASiCManifest xmlns:asic="${asic}" xmlns:ds="${xmldsig}">`,
    `  <asic:SigReference URI="${asicSignatureName}" MimeType="application/pkcs7-signature"/>`,
    ...lines,
    '</asic:ASiCManifest>',
    '',
  ].join('\n');
  return new TextEncoder().encode(text);
}

/**
 * Reads a container manifest. Null unless it is plain: UTF-8, no DTD, no processing instruction, no comment, no CDATA,
 * only the elements of the schema in their order, SHA-256 throughout, no reference twice.
 */
export function parseAsicManifest(bytes: Uint8Array): AsicManifest | null {
  if (bytes.length > maxManifestBytes) return null;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return manifestOf(parseElements(text));
  } catch (error) {
    // TypeError: not UTF-8. URIError: a broken percent escape. ManifestError: ours and, through onError, the XML parser's.
    if (error instanceof ManifestError || error instanceof TypeError || error instanceof URIError) return null;
    throw error;
  }
}

class ManifestError extends Error {
  override readonly name = 'ManifestError';
}

interface XmlElement {
  readonly uri: string;
  readonly local: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

function parseElements(xml: string): XmlElement {
  const parser = new SaxesParser({ xmlns: true, position: false });
  const document: XmlElement = { uri: '', local: '', attributes: {}, children: [], text: '' };
  const open = [document];
  const fail = () => {
    throw new ManifestError('not allowed in a manifest');
  };
  parser.on('error', fail);
  parser.on('doctype', fail);
  parser.on('processinginstruction', fail);
  parser.on('comment', fail);
  parser.on('cdata', fail);
  parser.on('opentag', (tag) => {
    if (open.length > 8) fail();
    const plain = Object.values(tag.attributes).filter(
      (attribute) => attribute.prefix !== 'xmlns' && attribute.name !== 'xmlns',
    );
    const attributes = Object.fromEntries(plain.map((attribute) => [attribute.name, attribute.value]));
    const element: XmlElement = { uri: tag.uri, local: tag.local, attributes, children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('text', (text) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += text;
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.write(xml).close();
  const [root] = document.children;
  if (root === undefined) throw new ManifestError('empty');
  return root;
}

function manifestOf(root: XmlElement): AsicManifest {
  expectElement(root, { uri: asic, local: 'ASiCManifest', attributes: [] });
  const [signature, ...objects] = root.children;
  if (signature === undefined) throw new ManifestError('no signature reference');
  expectElement(signature, { uri: asic, local: 'SigReference', attributes: ['URI', 'MimeType'] });
  const references = objects.map(referenceOf);
  if (references.length === 0 || new Set(references.map(({ name }) => name)).size !== references.length) {
    throw new ManifestError('no reference, or one twice');
  }
  return { signature: nameOf(signature), references };
}

function referenceOf(element: XmlElement): AsicReference {
  expectElement(element, { uri: asic, local: 'DataObjectReference', attributes: ['URI', 'MimeType', 'Rootfile'] });
  const [method, value, ...others] = element.children;
  if (method === undefined || value === undefined || others.length > 0) throw new ManifestError('reference');
  expectElement(method, { uri: xmldsig, local: 'DigestMethod', attributes: ['Algorithm'] });
  expectElement(value, { uri: xmldsig, local: 'DigestValue', attributes: [] });
  const digest = parseBase64(value.text.trim());
  if (method.attributes['Algorithm'] !== sha256Uri || digest?.length !== 32) throw new ManifestError('digest');
  return {
    name: nameOf(element),
    mediaType: element.attributes['MimeType'] ?? 'application/octet-stream',
    sha256: Buffer.from(digest).toString('hex'),
  };
}

function expectElement(
  element: XmlElement,
  expected: { readonly uri: string; readonly local: string; readonly attributes: readonly string[] },
): void {
  const known = Object.keys(element.attributes).every((name) => expected.attributes.includes(name));
  // Text stands only in DigestValue; between elements there is white space and nothing else.
  const silent = expected.local === 'DigestValue' ? element.children.length === 0 : element.text.trim() === '';
  if (element.uri !== expected.uri || element.local !== expected.local || !known || !silent) {
    throw new ManifestError(`unexpected ${element.local}`);
  }
}

function nameOf(element: XmlElement): string {
  const uri = element.attributes['URI'];
  if (uri === undefined || uri === '') throw new ManifestError('URI missing');
  return decodeURIComponent(uri);
}

function uriOf(name: string): string {
  return escapeXml(name.split('/').map(encodeURIComponent).join('/'));
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}
