import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Choice } from '../../parts/choice.tsx';
import { Empty } from '../../parts/empty.tsx';
import { TabRow } from '../../parts/tab-row.tsx';
import { ApplySheet } from './apply-sheet.tsx';
import { ChecksTab } from './checks-tab.tsx';
import { type DataSet, dataSetQuery, dataSetsQuery } from './data.ts';
import { GridTab } from './grid-tab.tsx';
import { NoiseTab } from './noise-tab.tsx';
import { photosTexts } from './texts.ts';
import './photos.css';

const route = getRouteApi('/photos');
/** Only who opens it loads it. */
const MapTab = lazy(async () => ({ default: (await import('./map-tab.tsx')).MapTab }));

export function Screen() {
  const texts = useTexts(photosTexts);
  const { data: wanted } = route.useSearch();
  const { data: sets, error, refetch } = useQuery(dataSetsQuery);
  if (error) return <Fault error={error} retry={refetch} />;
  if (!sets) return <Waiting />;
  const shown = sets.find(({ id, pipeline }) => id === wanted || pipeline === wanted) ?? sets[0];
  if (!shown) return <NoPhotos />;
  return (
    <div className="photos">
      <h1 className="visually-hidden">{texts.title}</h1>
      <DataSetScreen key={shown.id} sets={sets} set={shown} />
    </div>
  );
}

function DataSetScreen({ sets, set }: { sets: readonly DataSet[]; set: DataSet }) {
  const texts = useTexts(photosTexts);
  const navigate = route.useNavigate();
  const here = route.useSearch();
  const { tab = 'grid' } = here;
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const selection = { selected, setSelected };
  const { data: detail } = useQuery(dataSetQuery(set.id));
  const named = (each: DataSet) => ({ value: each.id, text: texts.span(each.pipeline, each.span) });
  const tabs = [
    { value: 'grid' as const, text: texts.tabs.grid },
    { value: 'map' as const, text: texts.tabs.map },
    { value: 'noise' as const, text: texts.tabs.noise, count: detail?.suspicious?.undecided },
    { value: 'checks' as const, text: texts.tabs.checks },
  ];
  return (
    <>
      <div className="photos-top">
        <TabRow
          label={texts.views}
          value={tab}
          tabs={tabs}
          onChange={(tab) => navigate({ to: '/photos', search: { ...here, tab, photo: undefined } })}
        />
        <div className="photos-data">
          <UploadLink />
          <Apply set={set} corrections={detail?.corrections ?? 0} file={detail?.correctionsFile ?? null} />
          <Choice
            label={texts.dataSet}
            isLabelHidden
            value={set.id}
            options={sets.map(named)}
            onChange={(data) => navigate({ to: '/photos', search: { data, tab } })}
          />
        </div>
      </div>
      {tab === 'grid' && <GridTab data={set.id} selection={selection} />}
      {tab === 'map' && (
        <Suspense fallback={<Waiting />}>
          <MapTab data={set.id} selection={selection} />
        </Suspense>
      )}
      {tab === 'noise' && <NoiseTab data={set.id} />}
      {tab === 'checks' && <ChecksTab data={set.id} />}
    </>
  );
}

function Apply({ set, corrections, file }: { set: DataSet; corrections: number; file: string | null }) {
  const texts = useTexts(photosTexts);
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (corrections === 0 || !may('operate')) return null;
  return (
    <>
      <Button onPress={() => setOpen(true)}>{texts.apply.button(corrections)}</Button>
      <ApplySheet data={set.id} file={file} isOpen={isOpen} close={() => setOpen(false)} />
    </>
  );
}

function UploadLink() {
  const texts = useTexts(photosTexts);
  return (
    useMay()('operate') && (
      <Link to="/photos/upload" className="button button-plain">
        <span>{texts.upload}</span>
      </Link>
    )
  );
}

function NoPhotos() {
  const texts = useTexts(photosTexts).empty;
  return (
    <Empty title={texts.title} command={texts.command}>
      <p>{texts.lead}</p>
      <UploadLink />
      <p className="quiet">{texts.ask}</p>
    </Empty>
  );
}
