import { useQueries, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback, useMemo, useState } from 'react';
import { type PhotoColumns, photoFlags } from '../../../src/client/index.ts';
import { Fault } from '../../app/faults.tsx';
import { useKeys } from '../../app/keys.ts';
import { useLabelName } from '../../app/label-names.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { PhotoGrid } from '../../parts/photo-grid/photo-grid.tsx';
import { StoredPhoto } from '../../parts/stored-photo.tsx';
import { colourOf, countsOf, type DataPhoto, indexQuery, pageQuery, passing } from './data.ts';
import { FilterBar } from './filter-bar.tsx';
import { DataPhotoSheet } from './photo-sheet.tsx';
import { photosTexts } from './texts.ts';
import { mostSelected, type Selection, useActs } from './use-acts.tsx';

const route = getRouteApi('/photos');
/** Photos asked for together. */
const pageSize = 60;

export function GridTab({ data, selection }: { data: string; selection: Selection }) {
  const { data: index, error, refetch } = useQuery(indexQuery(data));
  if (error) return <Fault error={error} retry={refetch} />;
  if (!index) return <Waiting />;
  return <Grid data={data} index={index} selection={selection} />;
}

function Grid({ data, index, selection }: { data: string; index: PhotoColumns; selection: Selection }) {
  const texts = useTexts(photosTexts);
  const navigate = route.useNavigate();
  const here = route.useSearch();
  const { label, split, mark, group, photo } = here;
  const list = useMemo(() => passing(index, { label, split, mark, group }), [index, label, split, mark, group]);
  const counts = useMemo(() => countsOf(index), [index]);
  const [cursor, setCursor] = useState(0);
  const [anchor, setAnchor] = useState(0);
  const { selected, setSelected } = selection;
  const { photos, show } = usePages(data, list);
  const named = useLabelName();
  const at = Math.min(cursor, Math.max(0, list.length - 1));
  const open = (place: number | null) =>
    navigate({
      to: '/photos',
      search: { ...here, photo: place === null ? undefined : list[place] },
      replace: photo !== undefined,
    });

  const select = (from: number, to: number, isOn: boolean) =>
    setSelected((before) => {
      const after = new Set(before);
      for (let place = Math.min(from, to); place <= Math.max(from, to) && after.size < mostSelected; place++)
        if (isOn) after.add(list[place]!);
        else after.delete(list[place]!);
      return after;
    });
  const toggle = (place: number, { shift }: { shift: boolean }) => {
    if (shift) select(anchor, place, true);
    else select(place, place, !selected.has(list[place]!));
    setAnchor(place);
  };
  const move = (place: number, { shift }: { shift: boolean }) => {
    if (shift) select(selected.size === 0 ? at : anchor, place, true);
    else setAnchor(place);
    if (shift && selected.size === 0) setAnchor(at);
    setCursor(place);
  };
  useKeys(
    { x: () => toggle(at, { shift: false }), 'Shift+X': () => toggle(at, { shift: true }) },
    { isOn: photo === undefined },
  );
  const acts = useActs({
    ...{ data, index, selection },
    current: list[at],
    all: list.length,
    selectAll: () => select(0, list.length - 1, true),
    isOn: photo === undefined,
  });
  const nameOf = (place: number) => {
    const known = photos.get(list[place]!);
    return known ? texts.tile(known.filename, named(labelOf(known))) : texts.loadingTile(place + 1);
  };
  return (
    <div className="photos-grid-tab">
      <FilterBar index={index} filters={{ label, split, mark, group }} counts={counts} shown={list.length} />
      {list.length === 0 ? (
        <p className="quiet">{texts.nothing}</p>
      ) : (
        <PhotoGrid
          key={`${label} ${split} ${mark} ${group}`}
          label={texts.grid}
          count={list.length}
          cursor={at}
          tile={innerWidth < 720 ? 112 : 148}
          onCursor={move}
          isSelected={(place) => selected.has(list[place]!)}
          onOpen={open}
          onToggle={toggle}
          onShown={show}
          nameOf={nameOf}
          selectLabel={texts.select}
        >
          {(place) => <Tile data={data} index={index} at={list[place]!} photo={photos.get(list[place]!)} />}
        </PhotoGrid>
      )}
      {acts}
      {photo !== undefined && (
        <DataPhotoSheet
          data={data}
          at={photo}
          index={index}
          place={list.indexOf(photo)}
          count={list.length}
          move={(place) => {
            setCursor(place);
            open(place);
          }}
          close={() => open(null)}
        />
      )}
    </div>
  );
}

export const labelOf = ({ label, correction }: DataPhoto) => correction?.label ?? label;

/** Photos of what is seen, in pages. Those of before stay while the next ones come. */
function usePages(data: string, list: Uint32Array) {
  const [shown, setShown] = useState<readonly [number, number]>([0, -1]);
  const show = useCallback((from: number, to: number) => setShown([from, to]), []);
  const [first, last] = [Math.floor(shown[0] / pageSize), Math.floor(Math.min(shown[1], list.length - 1) / pageSize)];
  const pages = Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const from = (first + i) * pageSize;
    return [...list.subarray(from, from + pageSize)];
  });
  const found = useQueries({ queries: pages.filter(({ length }) => length > 0).map((page) => pageQuery(data, page)) });
  const photos = new Map(found.flatMap((page) => (page.data ?? []).map((photo) => [photo.at, photo] as const)));
  return { photos, show };
}

const badges = [
  ['excluded', '×'],
  ['corrected', '✎'],
  ['suspicious', '?'],
  ['mistake', '!'],
] as const;

function Tile(props: { data: string; index: PhotoColumns; at: number; photo: DataPhoto | undefined }) {
  const { data, index, at, photo } = props;
  const texts = useTexts(photosTexts);
  const flags = index.flags[at]!;
  const colour = colourOf(index, at);
  const isOut = (flags & photoFlags.excluded) !== 0;
  return (
    <>
      <span className={isOut ? 'tile-photo tile-out' : 'tile-photo'} style={{ backgroundColor: colour }}>
        {photo && (
          <StoredPhoto
            sha256={photo.sha256}
            data={data}
            size={devicePixelRatio > 1.2 ? 320 : 160}
            alt=""
            colour={colour}
          />
        )}
      </span>
      {badges.map(
        ([badge, sign]) =>
          (flags & photoFlags[badge]) !== 0 && (
            <span key={badge} className="tile-badge" title={texts.badges[badge]}>
              {sign}
            </span>
          ),
      )}
    </>
  );
}
