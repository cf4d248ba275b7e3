import { staffFor } from '../administration/manager.ts';
import { fault } from '../faults.ts';
import { personKinds } from '../records/certificate-kinds.ts';
import { ok, type Result, refuse } from '../result.ts';
import { look, perform, type VerbContext } from '../transfers/act.ts';
import { logPlainEvent } from '../transfers/record.ts';
import type { KindSetting, KindSettings } from './tables.ts';
import { findSettings, isPublished, type SettingsRow, storeSettings } from './template-store.ts';

export interface SettingsView {
  /** 0 before anything was set. */
  readonly version: number;
  readonly kinds: Readonly<Record<(typeof personKinds)[number], KindSetting>>;
}

export async function showSettings(context: VerbContext): Promise<Result<SettingsView>> {
  return look(context, async (tx) => {
    const staff = staffFor(context, 'certificate.read');
    return staff.ok ? ok(viewSettings(await findSettings(tx, staff.value.school))) : staff;
  });
}

/**
 * Which kinds the school offers, for how much, and which of them are issued at once to who has logged in with a card or
 * the app. Such a standing rule takes the place of an approval, so it is the principal's, with a fresh log-in.
 * Faults: certificate.template-missing, request.precondition-failed
 */
export async function changeSettings(context: VerbContext, input: SettingsView): Promise<Result<SettingsView>> {
  return perform(context, { event: 'certificate-settings.changed', caseId: null }, async (tx) => {
    const staff = staffFor(context, 'certificate.configure');
    if (!staff.ok) return staff;
    const { school, staffId } = staff.value;
    const offered = personKinds.filter((kind) => input.kinds[kind].offered);
    const published = await Promise.all(offered.map((kind) => isPublished(tx, school, kind)));
    // Whoever asked for one would wait for a certificate that cannot be made.
    if (published.includes(false)) return refuse(fault('certificate.template-missing'));
    const row: SettingsRow = {
      schoolCode: school,
      kinds: input.kinds,
      version: input.version + 1,
      changedBy: staffId,
      changedAt: context.gateway.clock.now(),
    };
    if (!(await storeSettings(tx, row))) return refuse(fault('request.precondition-failed'));
    const atOnce = offered.filter((kind) => input.kinds[kind].atOnce).join(' ');
    await logPlainEvent(tx, context, 'certificate-settings.changed', { offered: offered.join(' '), atOnce });
    return ok(viewSettings(row));
  });
}

function viewSettings(row: SettingsRow | null): SettingsView {
  return {
    version: row?.version ?? 0,
    // Sound: every kind has just been given a setting.
    kinds: Object.fromEntries(
      personKinds.map((kind) => [kind, settingOf(row?.kinds ?? {}, kind)]),
    ) as SettingsView['kinds'],
  };
}

function settingOf(kinds: KindSettings, kind: (typeof personKinds)[number]): KindSetting {
  return kinds[kind] ?? { offered: false, feeYen: 0, atOnce: false };
}
