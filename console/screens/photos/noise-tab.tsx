import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { useKeys } from '../../app/keys.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button, Undo } from '../../parts/button.tsx';
import { Empty } from '../../parts/empty.tsx';
import { percentText } from '../../parts/numbers.ts';
import { addressOf, StoredPhoto } from '../../parts/stored-photo.tsx';
import { type DataPhoto, type Decision, dataSetQuery, decide, neighboursQuery, suspiciousQuery } from './data.ts';
import { photosTexts } from './texts.ts';

/** Of each label. */
const neighbours = 4;

/** One suspicious label after the other, beside the nearest photos of both labels: keep, take the suggestion, leave out. */
export function NoiseTab({ data }: { data: string }) {
  const texts = useTexts(photosTexts).noise;
  const number = new Intl.NumberFormat(useLanguage());
  const { data: found, error, refetch } = useQuery(suspiciousQuery(data));
  const { data: detail } = useQuery(dataSetQuery(data));
  const [later, setLater] = useState<ReadonlySet<string>>(new Set());
  if (error) return <Fault error={error} retry={refetch} />;
  if (found === undefined) return <Waiting />;
  if (found === null)
    return (
      <Empty title={texts.notSearched} command={texts.command}>
        <p>{texts.notSearchedNext}</p>
      </Empty>
    );
  const { items, examined, total } = found;
  // those put off come again after all others
  const queue = [
    ...items.filter(({ sha256 }) => !later.has(sha256)),
    ...items.filter(({ sha256 }) => later.has(sha256)),
  ];
  return (
    <div className="noise stack">
      <p className="noise-top">
        <strong>{texts.left(total)}</strong>
        <span className="quiet">{texts.of(detail?.suspicious?.found ?? total, number.format(examined))}</span>
      </p>
      <Queue
        data={data}
        queue={queue}
        found={detail?.suspicious?.found ?? 0}
        putOff={(photo) => setLater((before) => new Set([...before, photo.sha256]))}
      />
    </div>
  );
}

function Queue(props: {
  data: string;
  queue: readonly DataPhoto[];
  found: number;
  putOff: (photo: DataPhoto) => void;
}) {
  const { data, queue, found, putOff } = props;
  const texts = useTexts(photosTexts).noise;
  const queries = useQueryClient();
  const mayLabel = useMay()('label');
  const named = useLabelName();
  const [done, setDone] = useState<{ text: string; undo: () => Promise<void>; number: number } | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const photo = queue[0];
  const next = queue[1];
  usePrefetch(data, next);
  const act = async (decision: { kind: 'label'; label: string } | { kind: 'exclude' | 'keep' }) => {
    if (!photo || isBusy) return;
    setBusy(true);
    setFault(null);
    try {
      const undo = await decide(queries, data, [{ ...decision, sha256: photo.sha256 } as Decision]);
      const { decided } = texts;
      const text =
        decision.kind === 'label'
          ? decided.label(named(decision.label))
          : decision.kind === 'keep'
            ? decided.keep(named(photo.label))
            : decided.exclude;
      setDone((before) => ({ text, undo, number: (before?.number ?? 0) + 1 }));
    } catch (error) {
      setFault(error);
    } finally {
      setBusy(false);
    }
  };
  const keep = () => act({ kind: 'keep' });
  const take = () => act({ kind: 'label', label: photo!.suspicious!.suggested });
  const exclude = () => act({ kind: 'exclude' });
  const acts = photo && mayLabel ? { q: keep, w: take, e: exclude, s: () => putOff(photo) } : {};
  useKeys({ ...acts, z: () => (done ? done.undo().then(() => setDone(null), setFault) : false) });
  return (
    <>
      {!photo && (
        <div className="stack" role="status">
          <h2>{found === 0 ? texts.none : texts.done}</h2>
          {found > 0 && <p className="quiet">{texts.doneNext}</p>}
        </div>
      )}
      {photo?.suspicious && <Suspect data={data} photo={photo} suspicious={photo.suspicious} />}
      {fault !== null && <Fault error={fault} />}
      {photo?.suspicious && mayLabel && (
        <div className="noise-acts">
          <Button hotkey="Q" onPress={keep}>
            {texts.keep(named(photo.label))}
          </Button>
          <Button kind="main" hotkey="W" onPress={take}>
            {texts.take(named(photo.suspicious.suggested))}
          </Button>
          <Button hotkey="E" onPress={exclude}>
            {texts.exclude}
          </Button>
          <Button kind="quiet" hotkey="S" onPress={() => putOff(photo)}>
            {texts.later}
          </Button>
        </div>
      )}
      {done && <Undo key={done.number} text={done.text} undo={done.undo} end={() => setDone(null)} />}
    </>
  );
}

function Suspect(props: { data: string; photo: DataPhoto; suspicious: NonNullable<DataPhoto['suspicious']> }) {
  const { data, photo, suspicious } = props;
  const texts = useTexts(photosTexts).noise;
  const { suggested, confidence } = suspicious;
  const named = useLabelName();
  const {
    data: near,
    error,
    refetch,
  } = useQuery(neighboursQuery(data, photo.sha256, [photo.label, suggested], neighbours));
  return (
    <div className="suspect">
      <figure className="suspect-photo">
        <StoredPhoto sha256={photo.sha256} data={data} size={1280} alt={photo.filename} />
        <figcaption className="quiet small">
          <bdi>{photo.filename}</bdi>
        </figcaption>
      </figure>
      <div className="suspect-sides">
        {[photo.label, suggested].map((label, i) => (
          <section key={label} className="stack-small">
            <h2 className="suspect-label">
              <span className="quiet small">{i === 0 ? texts.given : texts.suggested}</span>
              <bdi>{named(label)}</bdi>
              {i === 1 && confidence !== undefined && <span className="quiet">{percentText(confidence, 0)}</span>}
            </h2>
            {near && <Near data={data} label={label} photos={near.filter((each) => each.label === label)} />}
          </section>
        ))}
        {near === null && <p className="quiet">{texts.noNeighbours}</p>}
        {error && <Fault error={error} retry={refetch} />}
      </div>
    </div>
  );
}

function Near({ data, label, photos }: { data: string; label: string; photos: readonly DataPhoto[] }) {
  const texts = useTexts(photosTexts).noise;
  const named = useLabelName();
  if (photos.length === 0) return <p className="quiet small">{texts.noneNear}</p>;
  return (
    <ul className="suspect-near" aria-label={texts.nearest(named(label))}>
      {photos.map(({ sha256, filename }) => (
        <li key={sha256}>
          <StoredPhoto sha256={sha256} data={data} size={320} alt={filename} />
        </li>
      ))}
    </ul>
  );
}

/** Of the photo that comes next. */
function usePrefetch(data: string, next: DataPhoto | undefined): void {
  const queries = useQueryClient();
  useEffect(() => {
    if (!next?.suspicious) return;
    const { sha256, label, suspicious } = next;
    void queries.prefetchQuery(neighboursQuery(data, sha256, [label, suspicious.suggested], neighbours));
    new Image().src = addressOf({ sha256, data, size: 1280 });
  }, [queries, data, next]);
}
