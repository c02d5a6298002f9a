import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { TabRow } from '../../parts/tab-row.tsx';
import { When } from '../../parts/when.tsx';
import { CompareTab } from './compare-tab.tsx';
import { tabs, type Version, versionsQuery } from './data.ts';
import { DeploySheet } from './deploy-sheet.tsx';
import { EvaluationTab } from './evaluation-tab.tsx';
import { ProductionTab } from './production-tab.tsx';
import { modelTexts } from './texts.ts';
import { ThresholdTab } from './threshold-tab.tsx';
import './models.css';

const route = getRouteApi('/models/$name');

export function Screen() {
  const texts = useTexts(modelTexts);
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery(versionsQuery(name));
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  const { tab = 'production' } = search;
  const version = data.find((each) => each.version === search.version) ?? data[0];
  const others = data.filter((each) => each !== version);
  const show = (changed: Partial<typeof search>) =>
    void navigate({ to: '/models/$name', params: { name }, search: { ...search, ...changed }, replace: true });
  if (!version) return <p>{texts.empty}</p>;
  return (
    <div className="model">
      <Link to="/models" className="model-back small quiet">
        {texts.back}
      </Link>
      <header className="model-head">
        <div className="stack">
          <h1>{name}</h1>
          <div className="row">
            <Choice
              label={texts.version}
              value={String(version.version)}
              options={data.map((each) => ({ value: String(each.version), text: versionText(each) }))}
              onChange={(value) => show({ version: Number(value) })}
            />
          </div>
          <p className="model-facts">
            <span>{version.blessed ? texts.blessed : texts.notBlessed}</span>
            <span className="quiet">
              {texts.trained} <When at={version.createdAt} />{' '}
              <Link to="/runs/$id" params={{ id: version.runId }}>
                {texts.run}
              </Link>
            </span>
          </p>
        </div>
        <Deploy version={version} />
      </header>
      <TabRow
        label={texts.view}
        value={tab}
        tabs={tabs.map((value) => ({ value, text: texts.tabs[value] }))}
        onChange={(value) => show({ tab: value })}
      />
      {tab === 'production' && <ProductionTab model={name} version={version.version} />}
      {tab === 'evaluation' && (
        <EvaluationTab key={version.version} version={version} cell={search.cell} choose={(cell) => show({ cell })} />
      )}
      {tab === 'threshold' && (
        <ThresholdTab
          key={version.version}
          version={version}
          threshold={search.threshold}
          move={(threshold) => show({ threshold })}
        />
      )}
      {tab === 'compare' && (
        <CompareTab
          version={version}
          others={others}
          against={search.against}
          group={search.group ?? 'changed'}
          photo={search.photo}
          show={show}
        />
      )}
    </div>
  );
}

const versionText = ({ version, aliases }: Version) => [`@${version}`, ...aliases].join(' · ');

function Deploy({ version }: { version: Version }) {
  const texts = useTexts(modelTexts);
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (!may('operate')) return null;
  return (
    <>
      <Button kind="main" disabledBecause={version.blessed ? null : texts.whyNotBlessed} onPress={() => setOpen(true)}>
        {texts.deploy}
      </Button>
      {isOpen && <DeploySheet version={version} close={() => setOpen(false)} />}
    </>
  );
}
