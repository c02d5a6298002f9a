export const settingsTabs = ['people', 'keys', 'channels', 'retention', 'audit', 'maturity'] as const;
export type SettingsTab = (typeof settingsTabs)[number];
