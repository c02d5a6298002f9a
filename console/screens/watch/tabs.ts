export const watchTabs = ['alerts', 'monitors', 'accuracy', 'triggers', 'users', 'health'] as const;
export type WatchTab = (typeof watchTabs)[number];
