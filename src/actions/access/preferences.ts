import type { z } from 'zod';
import type { Actor } from '../../contracts/actor.ts';
import { preferencesSchema } from '../../contracts/api/access.ts';
import type { OpenStore } from '../../store/open-store.ts';

export type Preferences = z.output<typeof preferencesSchema>;

/** Of the console. Those that an older or newer version wrote, and that mean nothing here, count as not chosen. */
export async function findPreferences({ access }: Pick<OpenStore, 'access'>, caller: string): Promise<Preferences> {
  const found = preferencesSchema.safeParse((await access.findPreferences(caller)) ?? {});
  return found.success ? found.data : preferencesSchema.parse({});
}

export async function setPreferences(
  { audited }: Pick<OpenStore, 'audited'>,
  caller: string,
  value: Preferences,
  actor: Actor,
): Promise<Preferences> {
  const entry = { actor, action: 'preferences.set', subject: caller } as const;
  await audited(({ access }) => access.setPreferences(caller, value), entry);
  return value;
}
