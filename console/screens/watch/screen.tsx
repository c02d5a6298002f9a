import { getRouteApi } from '@tanstack/react-router';
import { useTexts } from '../../app/texts.ts';
import { TabRow } from '../../parts/tab-row.tsx';
import { Accuracy } from './accuracy.tsx';
import { Alerts } from './alerts.tsx';
import { Health } from './health.tsx';
import { Monitors } from './monitors.tsx';
import { type WatchTab, watchTabs } from './tabs.ts';
import { watchTexts } from './texts.ts';
import { Triggers } from './triggers.tsx';
import { Users } from './users.tsx';
import '../../parts/list-row.css';
import './watch.css';

const route = getRouteApi('/watch');
const views: Record<WatchTab, () => React.ReactNode> = {
  alerts: Alerts,
  monitors: Monitors,
  accuracy: Accuracy,
  triggers: Triggers,
  users: Users,
  health: Health,
};

export function Screen() {
  const texts = useTexts(watchTexts);
  const { tab = 'alerts' } = route.useSearch();
  const navigate = route.useNavigate();
  const View = views[tab];
  return (
    <div className="watch">
      <h1 className="visually-hidden">{texts.title}</h1>
      <TabRow
        label={texts.views}
        value={tab}
        tabs={watchTabs.map((value) => ({ value, text: texts.tabs[value] }))}
        onChange={(next) => navigate({ to: '/watch', search: { tab: next }, replace: true })}
      />
      <View />
    </div>
  );
}
