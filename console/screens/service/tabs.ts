export const serviceTabs = ['traffic', 'requests', 'release', 'code', 'settings', 'history'] as const;
export type ServiceTab = (typeof serviceTabs)[number];
