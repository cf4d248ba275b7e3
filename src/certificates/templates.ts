import { staffFor } from '../administration/manager.ts';
import { lockSchool } from '../directory/members.ts';
import { fault } from '../faults.ts';
import type { IssuedKind } from '../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { look, perform, type VerbContext } from '../transfers/act.ts';
import { newId } from '../transfers/ids.ts';
import { logPlainEvent } from '../transfers/record.ts';
import { checkSealImage } from './seal-image.ts';
import type { TemplateWording } from './tables.ts';
import {
  findNewest,
  findTemplate,
  insertTemplate,
  listTemplates,
  publish,
  type TemplateHead,
  type TemplateRow,
} from './template-store.ts';

export interface TemplateView {
  readonly id: string;
  readonly kind: IssuedKind;
  readonly version: number;
  readonly state: 'draft' | 'published' | 'replaced';
  readonly wording: TemplateWording;
  readonly hasSealImage: boolean;
  readonly draftedAt: string;
  readonly publishedAt: string | null;
}

export async function showTemplates(context: VerbContext): Promise<Result<readonly TemplateView[]>> {
  return look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.read');
    if (!staff.ok) return staff;
    return ok((await listTemplates(tx, staff.value.school)).map(viewTemplate));
  });
}

/** One version with its picture, to be looked at before it is published. Faults: certificate.template-not-found */
export async function showTemplate(
  context: VerbContext,
  templateId: string,
): Promise<Result<TemplateView & { readonly sealImage: string | null }>> {
  return look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.read');
    if (!staff.ok) return staff;
    const row = await findTemplate(tx, templateId);
    if (row?.schoolCode !== staff.value.school) return refuse(fault('certificate.template-not-found'));
    const sealImage = row.sealImage === null ? null : Buffer.from(row.sealImage).toString('base64');
    return ok({ ...viewTemplate(headOf(row)), sealImage });
  });
}

/**
 * A new version of a kind's template; it is not in force before somebody publishes it. Without a picture of its own it
 * takes that of the version before. Faults: certificate.seal-image, request.precondition-failed
 */
export async function draftTemplate(
  context: VerbContext,
  input: { readonly kind: IssuedKind; readonly wording: TemplateWording; readonly sealImage: Uint8Array | null },
): Promise<Result<TemplateView>> {
  return perform(context, { event: 'certificate-template.drafted', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.register');
    if (!staff.ok) return staff;
    const { school, staffId } = staff.value;
    const image = input.sealImage === null ? ok(null) : checkSealImage(input.sealImage);
    if (!image.ok) return image;
    const newest = await findNewest(tx, school, input.kind);
    const row: TemplateRow = {
      id: newId(),
      schoolCode: school,
      kind: input.kind,
      version: (newest?.version ?? 0) + 1,
      wording: input.wording,
      sealImage: image.value ?? newest?.sealImage ?? null,
      state: 'draft',
      draftedBy: staffId,
      draftedAt: context.gateway.clock.now(),
      publishedBy: null,
      publishedAt: null,
    };
    if (!(await insertTemplate(tx, row))) return refuse(fault('request.precondition-failed'));
    await logPlainEvent(tx, context, 'certificate-template.drafted', { template: row.id, kind: row.kind });
    return ok(viewTemplate(headOf(row)));
  });
}

/**
 * Puts a version in force; what was issued by earlier ones keeps theirs. Faults: certificate.template-not-found,
 * certificate.template-published
 */
export async function publishTemplate(context: VerbContext, templateId: string): Promise<Result<TemplateView>> {
  return perform(context, { event: 'certificate-template.published', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.configure');
    if (!staff.ok) return staff;
    // Of two at once the later one wins, and sees the other in force.
    await lockSchool(tx, staff.value.school);
    const row = await findTemplate(tx, templateId);
    if (row?.schoolCode !== staff.value.school) return refuse(fault('certificate.template-not-found'));
    if (row.state !== 'draft') return refuse(fault('certificate.template-published'));
    const at = context.gateway.clock.now();
    await publish(tx, row, { staffId: staff.value.staffId, at });
    await logPlainEvent(tx, context, 'certificate-template.published', { template: row.id, kind: row.kind });
    return ok(viewTemplate({ ...headOf(row), state: 'published', publishedAt: at }));
  });
}

function headOf({ sealImage, ...row }: TemplateRow): TemplateHead {
  return { ...row, hasSealImage: sealImage !== null };
}

function viewTemplate(row: TemplateHead): TemplateView {
  const { id, kind, version, state, wording, hasSealImage, draftedAt, publishedAt } = row;
  return {
    id,
    kind,
    version,
    state,
    wording,
    hasSealImage,
    draftedAt: draftedAt.toISOString(),
    publishedAt: publishedAt?.toISOString() ?? null,
  };
}
