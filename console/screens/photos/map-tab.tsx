import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { PhotoColumns } from '../../../src/client/index.ts';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Choice } from '../../parts/choice.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { firstCommands } from '../../parts/first-commands.ts';
import { percentText, whole } from '../../parts/numbers.ts';
import {
  endpointsQuery,
  indexQuery,
  mapQuery,
  type PhotoMap,
  pageQuery,
  type RequestsOnMap,
  trafficDays,
  trafficQuery,
} from './data.ts';
import { requestShape } from './map-draw.ts';
import { MapLegend } from './map-legend.tsx';
import { MapPlane } from './map-plane.tsx';
import { labelsOnMap, strays } from './map-points.ts';
import { DataPhotoSheet } from './photo-sheet.tsx';
import { photosTexts } from './texts.ts';
import { type Selection, useActs } from './use-acts.tsx';
import './map.css';

const route = getRouteApi('/photos');

/** Photos side by side where their model finds them alike. */
export function MapTab({ data, selection }: { data: string; selection: Selection }) {
  const texts = useTexts(photosTexts).map;
  const index = useQuery(indexQuery(data));
  const map = useQuery(mapQuery(data));
  const error = index.error ?? map.error;
  if (error) return <Fault error={error} retry={() => Promise.all([index.refetch(), map.refetch()])} />;
  if (map.data === null)
    return (
      <Empty title={texts.none} command={firstCommands}>
        <p>{texts.noneNext}</p>
      </Empty>
    );
  if (!index.data || !map.data) return <Waiting />;
  return <Shown data={data} index={index.data} map={map.data} selection={selection} />;
}

function Shown(props: { data: string; index: PhotoColumns; map: PhotoMap; selection: Selection }) {
  const { data, index, map, selection } = props;
  const { selected, setSelected } = selection;
  const texts = useTexts(photosTexts).map;
  const navigate = route.useNavigate();
  const here = route.useSearch();
  const { photo, label, traffic: endpoint = '' } = here;
  const traffic = useQuery({ ...trafficQuery(data, endpoint), enabled: endpoint !== '' });
  const requests = traffic.data?.items ?? none;
  const labels = useMemo(() => labelsOnMap(map, index), [map, index]);
  const show = (change: Partial<typeof here>) =>
    navigate({ to: '/photos', search: { ...here, ...change }, replace: true });
  const place = photo === undefined ? -1 : map.at.indexOf(photo);
  const select = (points: readonly number[], isAdded: boolean) =>
    setSelected((before) => new Set([...(isAdded ? before : []), ...points.map((point) => map.at[point]!)]));
  const toggle = (point: number) =>
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(map.at[point]!)) after.add(map.at[point]!);
      return after;
    });
  const acts = useActs({
    ...{ data, index, selection },
    current: undefined,
    all: map.at.length,
    selectAll: () => select([...map.at.keys()], false),
    isOn: photo === undefined,
  });
  return (
    <div className="map">
      <p className="quiet">
        {map.at.length < map.photos
          ? texts.sampled(whole(map.at.length), whole(map.photos))
          : texts.all(whole(map.photos))}{' '}
        {texts.explained(percentText(map.explained[0] + map.explained[1], 0))}
      </p>
      <Traffic
        endpoint={endpoint}
        choose={(name) => show({ traffic: name || undefined })}
        found={endpoint === '' ? undefined : traffic.data}
      />
      {traffic.error && <Fault error={traffic.error} retry={traffic.refetch} />}
      <MapLegend labels={labels} chosen={label} choose={(label) => show({ label })} />
      <MapPlane
        data={data}
        map={map}
        index={index}
        labels={labels}
        chosen={label}
        selected={selected}
        select={select}
        toggle={toggle}
        open={(point) => show({ photo: map.at[point] })}
        traffic={requests}
        openRequest={(request) => navigate({ to: '/service', search: { endpoint, tab: 'requests', request } })}
      />
      {acts}
      <Strays data={data} map={map} index={index} open={(photo) => show({ photo })} />
      {photo !== undefined && (
        <DataPhotoSheet
          data={data}
          at={photo}
          index={index}
          place={place}
          count={map.at.length}
          move={(next) => show({ photo: map.at[next] })}
          close={() => show({ photo: undefined })}
        />
      )}
    </div>
  );
}

const none: RequestsOnMap['items'] = [];

/** Which endpoint's requests lie over the photos, and how many of them are unlike. */
function Traffic(props: { endpoint: string; choose: (endpoint: string) => void; found: RequestsOnMap | undefined }) {
  const { endpoint, choose, found } = props;
  const texts = useTexts(photosTexts).map.traffic;
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  if (endpoints.length === 0) return null;
  const options = [{ value: '', text: texts.none }, ...endpoints.map((name) => ({ value: name, text: name }))];
  const unlike = found?.items.filter(({ outOfDistribution }) => outOfDistribution).length ?? 0;
  return (
    <div className="map-traffic">
      <Choice label={texts.title} value={endpoint} options={options} onChange={choose} />
      {found && (
        <p className="small">
          <svg className="map-cross" viewBox="-6 -6 12 12" aria-hidden="true">
            <path d={requestShape} />
          </svg>{' '}
          {found.items.length === 0 ? texts.nothing(trafficDays) : texts.shown(found.items.length, unlike, trafficDays)}{' '}
          {found.explained && texts.explained(found.explained.map((share) => percentText(Math.max(0, share), 0)))}{' '}
          {found.others > 0 && texts.others(found.others)}{' '}
          <Link to="/service" search={{ endpoint, tab: 'requests' }}>
            {texts.list}
          </Link>
        </p>
      )}
    </div>
  );
}

function Strays(props: { data: string; map: PhotoMap; index: PhotoColumns; open: (at: number) => void }) {
  const { data, map, index, open } = props;
  const texts = useTexts(photosTexts).map;
  const named = useLabelName();
  const found = useMemo(() => strays(map, index), [map, index]);
  const positions = found.map(({ point }) => map.at[point]!).sort((a, b) => a - b);
  const { data: photos = [] } = useQuery({ ...pageQuery(data, positions), enabled: positions.length > 0 });
  const fileOf = new Map(photos.map(({ at, filename }) => [at, filename]));
  return (
    <section className="stack">
      <h2>{texts.strays}</h2>
      <p className="quiet">{found.length === 0 ? texts.noStrays : texts.straysLead}</p>
      {found.length > 0 && (
        <DataTable
          label={texts.strays}
          rows={found}
          keyOf={({ point }) => point}
          columns={[
            {
              key: 'photo',
              title: texts.photo,
              cell: ({ point }) => {
                const at = map.at[point]!;
                return (
                  <button type="button" className="map-stray" onClick={() => open(at)}>
                    <bdi>{fileOf.get(at) ?? texts.photoNumber(at + 1)}</bdi>
                  </button>
                );
              },
            },
            {
              key: 'label',
              title: texts.label,
              cell: ({ point }) => <bdi>{named(index.labels[index.label[map.at[point]!]!] ?? '')}</bdi>,
            },
            {
              key: 'around',
              title: texts.around,
              cell: ({ around, of }) => texts.aroundSaid(named(index.labels[around] ?? ''), of),
            },
          ]}
        />
      )}
    </section>
  );
}
