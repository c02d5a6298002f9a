import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { PhotoColumns } from '../../../src/client/index.ts';
import { useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { useKeys } from '../../app/keys.ts';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { percentText } from '../../parts/numbers.ts';
import { PhotoSheet } from '../../parts/photo-sheet.tsx';
import { StoredPhoto } from '../../parts/stored-photo.tsx';
import { When } from '../../parts/when.tsx';
import { type DataPhoto, neighboursQuery, pageQuery, photoQuery, revert } from './data.ts';
import { photosTexts } from './texts.ts';

const route = getRouteApi('/photos');

/** Everything that is known of a photo. Arrows go to the ones before and after. */
export function DataPhotoSheet(props: {
  data: string;
  /** Position in the data set, and place in the list that is shown; -1 = it is not in it. */
  at: number;
  place: number;
  count: number;
  index: PhotoColumns;
  move: (place: number) => void;
  close: () => void;
}) {
  const { data, at, place, count, index, move, close } = props;
  const texts = useTexts(photosTexts).sheet;
  const { data: page, error, refetch } = useQuery(pageQuery(data, [at]));
  const photo = page?.[0];
  const step = (by: number) => {
    if (place < 0 || place + by < 0 || place + by >= count) return false;
    move(place + by);
    return true;
  };
  // first: a dialog of Base UI lets no arrow key out
  useKeys({ ArrowRight: () => step(1), ArrowLeft: () => step(-1) }, { isFirst: true });
  const picture = photo && (
    <>
      <StoredPhoto sha256={photo.sha256} data={data} size={1280} alt={photo.filename} />
      {place >= 0 && count > 1 && (
        <div className="sheet-steps">
          <Button hotkey="←" onPress={() => step(-1)}>
            {texts.previous}
          </Button>
          <Button hotkey="→" onPress={() => step(1)}>
            {texts.next}
          </Button>
        </div>
      )}
    </>
  );
  return (
    <PhotoSheet isOpen close={close} title={photo ? isolated(photo.filename) : texts.title} picture={picture}>
      {error && <Fault error={error} retry={refetch} />}
      {photo && (
        <>
          <Facts photo={photo} index={index} />
          <Known data={data} photo={photo} />
          <Neighbours data={data} photo={photo} />
        </>
      )}
    </PhotoSheet>
  );
}

/** A name that reads from right to left must not turn what is around it. */
const isolated = (name: string) => `\u2068${name}\u2069`;

function Facts({ photo, index }: { photo: DataPhoto; index: PhotoColumns }) {
  const all = useTexts(photosTexts);
  const texts = all.sheet;
  const navigate = route.useNavigate();
  const here = route.useSearch();
  const language = useLanguage();
  const named = useLabelName();
  const kilobytes = new Intl.NumberFormat(language, { maximumFractionDigits: 0 }).format(photo.sizeBytes / 1000);
  const { correction, suspicious, mistake, group } = photo;
  const alike = useMemo(
    () => (group === 0 ? 0 : index.group.reduce((sum, each) => sum + (each === group ? 1 : 0), 0)),
    [index, group],
  );
  const label = correction?.kind === 'exclude' ? texts.leftOut : named(correction?.label ?? photo.label);
  return (
    <dl className="facts">
      <dt>{texts.label}</dt>
      <dd>
        <strong>
          <bdi>{label}</bdi>
        </strong>
        {label !== named(photo.label) && <span className="quiet">{texts.was(named(photo.label))}</span>}
      </dd>
      {suspicious && (
        <>
          <dt>{texts.looksLike}</dt>
          <dd>
            {suspicious.confidence === undefined
              ? named(suspicious.suggested)
              : texts.confidence(named(suspicious.suggested), percentText(suspicious.confidence, 0))}
          </dd>
        </>
      )}
      {mistake && (
        <>
          <dt>{texts.answered}</dt>
          <dd>{texts.confidence(named(mistake.answer), percentText(mistake.probability, 0))}</dd>
        </>
      )}
      <dt>{texts.split}</dt>
      <dd>{all.filters.splits[photo.split]}</dd>
      <dt>{texts.size}</dt>
      <dd>{texts.pixels(photo.width, photo.height, kilobytes)}</dd>
      {Object.entries(photo.attributes).map(([name, value]) => (
        <Attribute key={name} name={name} value={value} />
      ))}
      {alike > 1 && (
        <>
          <dt>{texts.group}</dt>
          <dd>
            <Button
              kind="quiet"
              onPress={() => navigate({ to: '/photos', search: { data: here.data, tab: 'grid', group } })}
            >
              {texts.showGroup(alike)}
            </Button>
          </dd>
        </>
      )}
      <dt>{texts.digest}</dt>
      <dd className="mono small">{photo.sha256}</dd>
      <dt>{texts.lineage}</dt>
      <dd>
        <Link to="/lineage" search={{ of: photo.sha256 }}>
          {texts.showLineage}
        </Link>
      </dd>
    </dl>
  );
}

function Attribute({ name, value }: { name: string; value: string }) {
  return (
    <>
      <dt>
        <bdi>{name}</bdi>
      </dt>
      <dd>
        <bdi>{value}</bdi>
      </dd>
    </>
  );
}

/** What versions answered, and what people decided. */
function Known({ data, photo }: { data: string; photo: DataPhoto }) {
  const texts = useTexts(photosTexts).sheet;
  const queries = useQueryClient();
  const may = useMay();
  const { data: known, error, refetch } = useQuery(photoQuery(photo.sha256));
  const named = useLabelName();
  if (error) return <Fault error={error} retry={refetch} />;
  if (!known) return null;
  return (
    <>
      {known.corrections.length > 0 && (
        <section className="stack-small">
          <h3>{texts.decisions}</h3>
          <ul>
            {known.corrections.map(({ id, kind, label, who, at, revertedAt }) => (
              <li key={id} className={revertedAt === null ? 'decision' : 'decision quiet'}>
                <span>
                  {kind === 'exclude' ? texts.kinds.exclude : texts.kinds[kind](named(label ?? ''))}
                  <span className="quiet small decision-by">
                    <span>{texts.by(who)}</span>
                    <When at={at} />
                  </span>
                </span>
                {revertedAt !== null && <span className="small">{texts.reverted}</span>}
                {revertedAt === null && may('label') && (
                  <Button kind="quiet" onPress={() => revert(queries, data, id)}>
                    {texts.revert}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="stack-small">
        <h3>{texts.answers}</h3>
        {known.answers.length === 0 && <p className="quiet">{texts.noAnswers}</p>}
        {known.answers.length > 0 && (
          <DataTable
            label={texts.answers}
            rows={known.answers}
            keyOf={({ request }) => request}
            columns={[
              {
                key: 'version',
                title: texts.version,
                cell: ({ request, model, version }) => (
                  <Link to="/lineage" search={{ request }}>{`${model}@${version ?? '–'}`}</Link>
                ),
              },
              {
                key: 'answer',
                title: texts.answer,
                cell: ({ label, probability }) => (
                  <bdi>
                    {probability === null
                      ? named(label ?? '–')
                      : texts.confidence(named(label ?? '–'), percentText(probability, 0))}
                  </bdi>
                ),
              },
              { key: 'when', title: texts.when, cell: ({ at }) => <When at={at} /> },
            ]}
          />
        )}
      </section>
    </>
  );
}

function Neighbours({ data, photo }: { data: string; photo: DataPhoto }) {
  const texts = useTexts(photosTexts).sheet;
  const navigate = route.useNavigate();
  const here = route.useSearch();
  const { data: near } = useQuery(neighboursQuery(data, photo.sha256));
  const named = useLabelName();
  if (!near || near.length === 0) return null;
  return (
    <section className="photo-sheet-near stack-small">
      <h3>{texts.neighbours}</h3>
      <ul className="near-list">
        {near.map(({ sha256, filename, label, at }) => (
          <li key={sha256}>
            <button
              type="button"
              className="near-photo"
              onClick={() => navigate({ to: '/photos', search: { ...here, photo: at }, replace: true })}
            >
              <StoredPhoto sha256={sha256} data={data} size={160} alt={filename} />
            </button>
            <bdi className="small">{named(label)}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}
