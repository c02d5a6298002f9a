import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { TabRow } from '../../parts/tab-row.tsx';
import { Audit } from './audit.tsx';
import { Channels } from './channels.tsx';
import { Keys } from './keys.tsx';
import { Labels } from './labels.tsx';
import { Maturity } from './maturity.tsx';
import { People } from './people.tsx';
import { Retention } from './retention.tsx';
import { type SettingsTab, settingsTabs } from './tabs.ts';
import { settingsTexts } from './texts.ts';
import './settings.css';

const route = getRouteApi('/settings');
const views: Record<SettingsTab, () => React.ReactNode> = {
  people: People,
  keys: Keys,
  channels: Channels,
  retention: Retention,
  labels: Labels,
  audit: Audit,
  maturity: Maturity,
};
const forAdmins: readonly SettingsTab[] = ['people', 'keys', 'audit'];

export function Screen() {
  const texts = useTexts(settingsTexts);
  const may = useMay();
  const navigate = useNavigate();
  const shown = settingsTabs.filter((tab) => may('admin') || !forAdmins.includes(tab));
  const { tab: asked } = route.useSearch();
  const tab = shown.find((each) => each === asked) ?? shown[0]!;
  const View = views[tab];
  return (
    <div className="settings stack">
      <h1>{texts.title}</h1>
      <div className="settings-tabs">
        <TabRow
          label={texts.views}
          value={tab}
          onChange={(next) => navigate({ to: '/settings', search: { tab: next } })}
          tabs={shown.map((value) => ({ value, text: texts.tabs[value] }))}
        />
      </div>
      <View />
    </div>
  );
}
