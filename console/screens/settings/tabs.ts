export const settingsTabs = ['people', 'keys', 'channels', 'retention', 'labels', 'audit', 'maturity'] as const;
export type SettingsTab = (typeof settingsTabs)[number];
