import { type EndpointSettings, endpointSettingsSchema } from '../../contracts/endpoint.ts';
import { MitateError } from '../../errors/index.ts';

/** Only explicit settings are stored, so that a new default reaches the other endpoints. */
type GivenSettings = Partial<EndpointSettings>;

export const settingsOf = (given: GivenSettings): EndpointSettings => endpointSettingsSchema.parse(given);

/** `null` restores the default. @throws ENDPOINT_SETTING_INVALID */
export function mergeSettings(
  endpoint: string,
  given: GivenSettings,
  change: { [K in keyof EndpointSettings]?: EndpointSettings[K] | null },
): GivenSettings {
  const merged = Object.fromEntries(Object.entries({ ...given, ...change }).filter(([, value]) => value !== null));
  const checked = endpointSettingsSchema.strict().safeParse(merged);
  if (checked.success) return merged;
  const [issue] = checked.error.issues;
  throw new MitateError('ENDPOINT_SETTING_INVALID', {
    endpoint,
    setting: issue?.path.join('.') || 'settings',
    reason: issue?.message ?? 'not valid',
  });
}
