import {
  type CaseKind,
  type DocumentForm,
  type DocumentKind,
  documentForms,
  documentKinds,
  formsFor,
  type MediaType,
} from '../records/kinds.ts';
import { oneOf } from './arguments.ts';
import { usageError } from './cli-error.ts';

/** A document as the command line names it: `KIND[:FORM[:TITLE]]=FILE`. */
export interface DocumentOperand {
  readonly kind: DocumentKind;
  /** The first that the law names for the kind, unless told. */
  readonly form: DocumentForm | null;
  readonly title: string | null;
  readonly path: string;
  readonly mediaType: MediaType;
}

const endings: Readonly<Record<string, MediaType>> = {
  pdf: 'application/pdf',
  json: 'application/json',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  png: 'image/png',
};

export function parseDocumentOperand(text: string): DocumentOperand {
  const at = text.indexOf('=');
  const path = text.slice(at + 1);
  if (at < 1 || path === '') throw usageError('usage.document', { operand: text });
  const [kind = '', form, ...title] = text.slice(0, at).split(':');
  const mediaType = endings[path.slice(path.lastIndexOf('.') + 1).toLowerCase()];
  if (mediaType === undefined) throw usageError('usage.mediaType', { path });
  return {
    kind: oneOf(text, kind, documentKinds),
    form: form === undefined || form === '' ? null : oneOf(text, form, documentForms),
    title: title.length === 0 ? null : title.join(':'),
    path,
    mediaType,
  };
}

export function formOf(operand: DocumentOperand, caseKind: CaseKind): DocumentForm {
  return operand.form ?? formsFor(operand.kind, caseKind)[0] ?? 'copy';
}
