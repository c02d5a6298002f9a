import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Choice } from '../../parts/choice.tsx';
import { Command } from '../../parts/command.tsx';
import { TabRow } from '../../parts/tab-row.tsx';
import { Answers } from './answers.tsx';
import { Code } from './code.tsx';
import { type EndpointAnswer, endpointsQuery } from './data.ts';
import { History } from './history.tsx';
import { Release } from './release.tsx';
import { Requests } from './requests.tsx';
import { Settings } from './settings.tsx';
import { type ServiceTab, serviceTabs } from './tabs.ts';
import { serviceTexts } from './texts.ts';
import { Traffic } from './traffic.tsx';
import '../../parts/list-row.css';
import './service.css';

const route = getRouteApi('/service');

export function Screen() {
  const texts = useTexts(serviceTexts);
  const search = route.useSearch();
  const { data: endpoints, error, refetch } = useQuery(endpointsQuery);
  if (!endpoints) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  const endpoint = endpoints.find(({ name }) => name === search.endpoint) ?? endpoints[0];
  return (
    <div className="service">
      {error && <Fault error={error} retry={refetch} />}
      {endpoint ? (
        <OfEndpoint key={endpoint.name} endpoint={endpoint} names={endpoints.map(({ name }) => name)} />
      ) : (
        <div className="stack">
          <h1>{texts.title}</h1>
          <p>{texts.none}</p>
          <p className="quiet">{texts.noneSaid}</p>
          <Command text={texts.noneCommand} />
        </div>
      )}
    </div>
  );
}

function OfEndpoint({ endpoint, names }: { endpoint: EndpointAnswer; names: readonly string[] }) {
  const texts = useTexts(serviceTexts);
  const { tab = 'traffic' } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <>
      <header className="service-head">
        <h1>{endpoint.displayName ?? endpoint.name}</h1>
        {names.length > 1 && (
          <Choice
            label={texts.endpoint}
            isLabelHidden
            value={endpoint.name}
            options={names.map((name) => ({ value: name, text: name }))}
            onChange={(name) => navigate({ to: '/service', search: { endpoint: name, tab } })}
          />
        )}
      </header>
      <Answers endpoint={endpoint} />
      <TabRow
        label={texts.views}
        value={tab}
        tabs={serviceTabs.map((value) => ({ value, text: texts.tabs[value] }))}
        onChange={(next) => navigate({ to: '/service', search: { endpoint: endpoint.name, tab: next }, replace: true })}
      />
      <View tab={tab} endpoint={endpoint} />
    </>
  );
}

function View({ tab, endpoint }: { tab: ServiceTab; endpoint: EndpointAnswer }) {
  switch (tab) {
    case 'traffic':
      return <Traffic endpoint={endpoint.name} />;
    case 'requests':
      return <Requests endpoint={endpoint.name} />;
    case 'release':
      return <Release endpoint={endpoint.name} />;
    case 'code':
      return <Code endpoint={endpoint} />;
    case 'settings':
      return <Settings endpoint={endpoint} />;
    case 'history':
      return <History endpoint={endpoint.name} />;
  }
}
