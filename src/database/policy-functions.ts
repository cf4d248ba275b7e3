/**
 * What the policies ask of other tables, as functions of the database. A subquery in a policy brings the policies of its
 * own tables along, and theirs: a statement that changed one row was planned for a second. PL/pgSQL plans such a question once for each
 * connection, and row level security holds inside as it does outside, since the functions run with the rights of whoever asks.
 * `migrate` makes them, before the policies that name them. Tables are named with their schema: nobody puts another before them.
 */
interface PolicyFunction {
  /** With its arguments, as `grant` and `revoke` name it. */
  readonly signature: string;
  readonly returns: string;
  /** One expression. */
  readonly asks: string;
}

const person = `nullif(current_setting('app.person', true), '')`;
const school = `nullif(current_setting('app.school', true), '')`;
const actor = `coalesce(current_setting('app.actor', true), '')`;
const today = `(now() at time zone 'Asia/Tokyo')::date`;

/** So many closures, one after the other, are followed: more are a mistake of the directory's. */
export const maxSuccessions = 5;

export const policyFunctions: readonly PolicyFunction[] = [
  {
    // Sender and recipient of a case that whoever asks may see by the policies of `cases`; else null.
    signature: 'parties_of_visible_case(wanted text)',
    returns: 'text[]',
    asks: `(select array[c.sender_code, c.recipient_code] from public.cases c where c.id = wanted)`,
  },
  {
    // 氏名の開示: somebody at a board has broken the glass over the case (docs/adr/0046).
    signature: 'case_is_open_to_board(wanted text)',
    returns: 'boolean',
    asks: `exists (select 1 from public.board_glasses g where g.case_id = wanted and g.ended_at is null and g.expires_at > now())`,
  },
  {
    signature: 'share_is_visible(wanted text)',
    returns: 'boolean',
    asks: `exists (select 1 from public.certificate_shares s where s.id = wanted)`,
  },
  {
    // 民法4条, 年齢計算ニ関スル法律: of age from the 18th birthday on, born on 29 February from 1 March of a common year.
    signature: 'of_age_from(birth_date date)',
    returns: 'date',
    asks: `make_date(extract(year from birth_date)::int + 18, extract(month from birth_date)::int, 1) + (extract(day from birth_date)::int - 1)`,
  },
  {
    // Consent: given by the pupil at that age, and not taken back.
    signature: 'person_is_linked(pupil text, birth_date date)',
    returns: 'boolean',
    asks: `exists (
      select 1 from public.pupil_links l left join public.guardians g on g.id = l.guardian_id
      where l.pupil_id = pupil and l.confirmed_at is not null and l.ended_at is null and l.person_id = ${person}
        and (l.relation = 'self' or (
          g.state = 'confirmed' and g.valid_from <= ${today} and coalesce(g.valid_until, ${today}) >= ${today}
          and (${today} < public.of_age_from(birth_date) or exists (
            select 1 from public.guardian_consents c
            where c.guardian_id = g.id and c.withdrawn_at is null and c.until >= ${today}
              and (c.given_at at time zone 'Asia/Tokyo')::date >= public.of_age_from(birth_date))))))`,
  },
  {
    // 支援措置: the member of staff is named by the order at their school.
    signature: 'staff_is_named(subjects text[])',
    returns: 'boolean',
    asks: `exists (
      select 1 from public.protection_marks pm join public.protection_members pn on pn.order_id = pm.order_id
      where pm.subject = any (subjects) and pm.school_code = ${school} and 'staff:' || pn.staff_id = ${actor})`,
  },
  {
    // 支援措置: the pupils themselves, where the school does not exclude them, and guardians whom it has cleared.
    signature: 'person_is_cleared(subjects text[], pupil text)',
    returns: 'boolean',
    asks: `${person} is not null and not exists (
      select 1 from public.protection_marks pm
      where pm.subject = any (subjects) and not exists (
        select 1 from public.pupil_links pl
        where pl.pupil_id = pupil and pl.person_id = ${person} and pl.confirmed_at is not null and pl.ended_at is null
          and (pl.relation = 'self' and not pm.excludes_pupil or exists (
            select 1 from public.protection_clearances pc
            where pc.order_id = pm.order_id and pc.guardian_id = pl.guardian_id and pc.confirmed_at is not null))))`,
  },
  {
    // The codes of closed schools (and of boards between them) whose chain ends at this open school (docs/adr/0040).
    signature: 'codes_inherited_by(heir_code text)',
    returns: 'text[]',
    asks: `array(
      with recursive inherited(code, steps) as (
        select o.code, 1 from public.organisations o join public.organisations heir on heir.code = o.successor_code
        where heir.code = heir_code and heir.kind = 'school' and heir.state = 'open' and (o.state = 'closed' or o.kind = 'board')
        union all
        select o.code, inherited.steps + 1 from public.organisations o join inherited on o.successor_code = inherited.code
        where (o.state = 'closed' or o.kind = 'board') and inherited.steps < ${maxSuccessions})
      select inherited.code from inherited)`,
  },
];

/** The statement that makes it, or makes it anew. */
export function creating({ signature, returns, asks }: PolicyFunction): string {
  return `create or replace function public.${signature} returns ${returns} language plpgsql stable parallel safe as $$ begin return ${asks}; end $$`;
}
