/** What a PDF may not hold: what runs, plays, sends, asks outside, or carries other files (ISO 32000-2 §7.11.4, §12.6.4). */

/** Keys of dictionaries, in the way of use in which readers look for them. */
export const forbiddenKeys: ReadonlySet<string> = new Set([
  'JS',
  'JavaScript',
  'AA',
  'EF',
  'EmbeddedFiles',
  'RichMediaContent',
  'RichMediaSettings',
  'Renditions',
  'XFA',
]);

/** Values of /S (actions), /Subtype (annotations, media) and /Type. */
export const forbiddenNames: ReadonlySet<string> = new Set([
  'JavaScript',
  'Launch',
  'SubmitForm',
  'ImportData',
  'GoToE',
  'GoToR',
  'Rendition',
  'RichMedia',
  'RichMediaExecute',
  'EmbeddedFile',
  'FileAttachment',
  'Movie',
  'Sound',
  'Screen',
  '3D',
]);
export const namingKeys = ['S', 'Subtype', 'Type'] as const;

/** Keys of dictionaries whose own keys the author chooses: names of fonts, styles, places (ISO 32000-2 tables 34, 110, 364 …). */
export const keysOfNames: ReadonlySet<string> = new Set([
  'Font',
  'XObject',
  'ExtGState',
  'ColorSpace',
  'Pattern',
  'Shading',
  'Properties',
  'CharProcs',
  'Colorants',
  'RoleMap',
  'ClassMap',
  'Dests',
]);

/** What tells who made a document, and with what (P-09). */
export const describingKeys = ['Author', 'Creator', 'Producer', 'Company', 'Manager'] as const;
