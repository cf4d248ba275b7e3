import { ok, type Result } from '../../result.ts';
import type { Locale } from '../../web/locale.ts';
import { t } from '../../web/text.ts';
import type { Composition } from './compose.ts';
import { type DrawingRemark, drawable, type FontCoverage, type MissingCharacter } from './font-coverage.ts';

/**
 * What the font can draw of a certificate: every character, or the first one that it lacks. A shape that the font does not
 * have is printed in its base form, and the certificate says so.
 */
export function checkCharacters(
  composition: Composition,
  { coverage, locale }: { readonly coverage: FontCoverage; readonly locale: Locale },
): Result<Composition, MissingCharacter> {
  const remarks = new Map<string, DrawingRemark>();
  let missing: MissingCharacter | null = null;
  const shown = (text: string): string => {
    const result = drawable(text, coverage);
    if (!result.ok) missing ??= result.fault;
    else for (const remark of result.value.remarks) remarks.set(JSON.stringify(remark), remark);
    return result.ok ? result.value.text : '';
  };
  const drawn: Composition = {
    number: shown(composition.number),
    title: shown(composition.title),
    rows: composition.rows.map(([label, value]) => [shown(label), shown(value)]),
    subjects: composition.subjects.map((row) => row.map(shown)),
    body: composition.body.split('\n').map(shown).join('\n'),
    signature: composition.signature.map(shown),
    notes: composition.notes.map(shown),
    captions: { state: shown(composition.captions.state), offline: shown(composition.captions.offline) },
  };
  if (missing !== null) return { ok: false, fault: missing };
  const said = [...remarks.values()].map((remark) => remarkText(locale, remark));
  return ok({ ...drawn, notes: [...said, ...drawn.notes] });
}

function remarkText(locale: Locale, remark: DrawingRemark): string {
  if (remark.kind === 'private') return t(locale, 'drawn.private', { glyph: remark.glyph });
  return t(locale, 'drawn.base-form', { character: remark.character, codePoints: remark.codePoints });
}
