import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { Fault } from '../../app/faults.tsx';
import { useLabelName } from '../../app/label-names.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Choice } from '../../parts/choice.tsx';
import { percentText } from '../../parts/numbers.ts';
import { RequestPhoto, StoredPhoto } from '../../parts/stored-photo.tsx';
import { When } from '../../parts/when.tsx';
import { CauseStation } from './cause-station.tsx';
import {
  dataSetQuery,
  type Lineage,
  type LineageArtifact,
  type Logged,
  type Place,
  type RunDetails,
  somePhotosQuery,
} from './data.ts';
import { nameOf, type Path, pathOf } from './path.ts';
import { Station } from './station.tsx';
import { lineageTexts } from './texts.ts';

const route = getRouteApi('/lineage');
const noPath: Path = { model: null, models: [], run: null, data: [] };

interface Traced {
  lineage: Lineage | null;
  run: RunDetails | null;
  request: Logged | null;
}

/** From what was asked about back to what started it. */
export function PathView({ lineage, run: details, request, chosen }: Traced & { chosen: string | undefined }) {
  const texts = useTexts(lineageTexts);
  const path = lineage ? pathOf(lineage, chosen) : noPath;
  const run = details?.run ?? path.run;
  const subject = lineage?.subject;
  const photo = subject?.kind === 'photo' && details === null && request === null ? subject : null;
  const made = lineage?.artifacts.find(({ id }) => subject?.kind === 'artifact' && id === subject.artifactId);
  const artifact = details === null && made && made.type !== 'Examples' ? made : undefined;
  return (
    <>
      <Heading lineage={lineage} run={details} request={request} />
      <ol className="path" aria-label={texts.path}>
        {request && <RequestStation request={request} />}
        {photo && <PhotoStation sha256={photo.sha256} places={photo.places} artifacts={lineage?.artifacts ?? []} />}
        {artifact && <ArtifactStation artifact={artifact} />}
        <ModelStation path={path} request={request} isOfPhoto={photo !== null} />
        <RunStation run={run} isEmpty={lineage === null && details !== null} />
        {(lineage || run) && (
          <DataStations data={path.data} isSubject={subject?.kind === 'artifact' && details === null} />
        )}
        {run && <CauseStation run={run} />}
      </ol>
    </>
  );
}

function Heading({ lineage, run, request }: Traced) {
  const texts = useTexts(lineageTexts);
  const subject = lineage?.subject;
  const artifact = lineage?.artifacts.find(({ relation }) => relation === 'subject');
  let [kind, name]: [string, ReactNode] = [texts.names.artifact, artifact && texts.types[artifact.type]];
  if (run) [kind, name] = [texts.names.run, <RunName key="" {...run.run} />];
  else if (request) [kind, name] = [texts.names.request, <code key="">{request.publicId.slice(-12)}</code>];
  else if (subject?.kind === 'model') [kind, name] = [texts.names.model, nameOf(subject.model)];
  else if (subject?.kind === 'photo')
    [kind, name] = [texts.names.photo, <bdi key="">{subject.places[0]?.filename ?? subject.sha256.slice(0, 12)}</bdi>];
  return (
    <header>
      <p className="quiet">{`${texts.title} · ${kind}`}</p>
      <h1>{name}</h1>
    </header>
  );
}

const RunName = ({ pipeline, id }: { pipeline: string; id: string }) => (
  <>
    {pipeline} <code className="quiet lineage-id">{id.slice(-6)}</code>
  </>
);

function RequestStation({ request }: { request: Logged }) {
  const texts = useTexts(lineageTexts);
  const may = useMay();
  const { label, probability, endpoint, loggingTime, errorCode } = request;
  const named = useLabelName();
  const said = label === null ? (errorCode ?? texts.failed) : named(label);
  return (
    <Station name={texts.stations.request} isSubject>
      <div className="path-photo">
        {request.imageKept && may('label') && (
          <div className="path-picture">
            <RequestPhoto request={request.publicId} alt={said} />
          </div>
        )}
        <div>
          <p className="path-main">
            <bdi>{probability === null ? said : texts.answered(said, percentText(probability))}</bdi>
          </p>
          <p className="path-facts quiet">
            <span>{endpoint}</span>
            <When at={loggingTime} />
          </p>
        </div>
      </div>
    </Station>
  );
}

function PhotoStation(props: { sha256: string; places: readonly Place[]; artifacts: readonly LineageArtifact[] }) {
  const { sha256, places, artifacts } = props;
  const named = useLabelName();
  const texts = useTexts(lineageTexts);
  const [place] = places;
  return (
    <Station name={texts.stations.photo} isSubject>
      <div className="path-photo">
        {place && (
          <div className="path-picture">
            <StoredPhoto sha256={sha256} data={place.artifactId} size={320} alt={place.filename} />
          </div>
        )}
        <div>
          {place && (
            <p className="path-main">
              <bdi>{named(place.label)}</bdi>
            </p>
          )}
          <ul className="path-places quiet">
            {places.slice(0, 5).map(({ artifactId, split }) => (
              <li key={artifactId} className="path-facts">
                {artifacts
                  .filter(({ id }) => id === artifactId)
                  .map((artifact) => (
                    <DataName key={artifactId} artifact={artifact} />
                  ))}
                <span>{texts.splits[split] ?? split}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Station>
  );
}

function ArtifactStation({ artifact }: { artifact: LineageArtifact }) {
  const texts = useTexts(lineageTexts);
  return (
    <Station name={texts.stations.artifact} isSubject>
      <p className="path-main">{texts.types[artifact.type]}</p>
      <p className="path-facts quiet">
        <span>{artifact.step}</span>
        <When at={artifact.createdAt} />
      </p>
      {artifact.deletedAt !== null && <p className="quiet">{texts.deleted}</p>}
    </Station>
  );
}

function ModelStation(props: { path: Path; request: Logged | null; isOfPhoto: boolean }) {
  const { path, request, isOfPhoto } = props;
  const { model, models } = path;
  const texts = useTexts(lineageTexts);
  const navigate = route.useNavigate();
  if (!model)
    return (
      <Station name={texts.stations.model}>
        <p className="quiet">{request ? texts.noVersion(request.modelName) : texts.noModel}</p>
      </Station>
    );
  const { name, version, blessed, createdAt, aliases, trainedOn } = model;
  return (
    <Station name={texts.stations.model} isSubject={models.length === 0 && !request}>
      <p className="path-main">
        <Link to="/models/$name" params={{ name }} search={{ version }}>
          {nameOf(model)}
        </Link>
      </p>
      <p className="path-facts quiet">
        {aliases.map((alias) => (
          <span key={alias}>{alias}</span>
        ))}
        <span>{blessed ? texts.blessed : texts.notBlessed}</span>
        <When at={createdAt} />
      </p>
      {isOfPhoto && trainedOn !== null && <p>{trainedOn ? texts.trainedOn : texts.notTrainedOn}</p>}
      {models.length > 1 && (
        <Choice
          label={texts.version}
          value={nameOf(model)}
          options={models.map((each) => ({ value: nameOf(each), text: nameOf(each) }))}
          onChange={(value) =>
            void navigate({ to: '/lineage', search: (before) => ({ ...before, through: value }), replace: true })
          }
        />
      )}
    </Station>
  );
}

function RunStation({ run, isEmpty }: { run: Lineage['runs'][number] | null; isEmpty: boolean }) {
  const texts = useTexts(lineageTexts);
  if (!run)
    return (
      <Station name={texts.stations.run}>
        <p className="quiet">{texts.noRun}</p>
      </Station>
    );
  const { id, startedAt, gitCommit, seed } = run;
  return (
    <Station name={texts.stations.run} isSubject={isEmpty}>
      <p className="path-main">
        <Link to="/runs/$id" params={{ id }}>
          <RunName {...run} />
        </Link>
      </p>
      <p className="path-facts quiet">
        <When at={startedAt} />
        <span>{texts.seed(String(seed))}</span>
        {gitCommit && (
          <span>
            {texts.commit} <code>{gitCommit.slice(0, 12)}</code>
          </span>
        )}
      </p>
      {isEmpty && <p>{texts.noArtifacts}</p>}
    </Station>
  );
}

function DataStations({ data, isSubject }: { data: readonly LineageArtifact[]; isSubject: boolean }) {
  const texts = useTexts(lineageTexts);
  const [nearest, ...others] = data;
  if (!nearest)
    return (
      <Station name={texts.stations.data}>
        <p className="quiet">{texts.noData}</p>
      </Station>
    );
  const isHere = nearest.deletedAt === null;
  return (
    <>
      <Station name={texts.stations.data} isSubject={isSubject && nearest.relation === 'subject'}>
        <p className="path-main">
          {isHere ? (
            <Link to="/photos" search={{ data: nearest.id }}>
              <DataName artifact={nearest} />
            </Link>
          ) : (
            <DataName artifact={nearest} />
          )}
        </p>
        <p className="path-facts quiet">
          <When at={nearest.createdAt} />
          <code>{nearest.digest.slice(0, 12)}</code>
        </p>
        {!isHere && <p className="quiet">{texts.deleted}</p>}
        {others.length > 0 && (
          <p className="path-facts">
            <span className="quiet">{texts.alsoFrom}</span>
            {others.map((each) => (
              <Link key={each.id} to="/lineage" search={{ of: each.id }}>
                <DataName artifact={each} />
              </Link>
            ))}
          </p>
        )}
      </Station>
      {isHere && <PhotosStation data={nearest.id} />}
    </>
  );
}

function DataName({ artifact: { pipeline, properties } }: { artifact: LineageArtifact }) {
  const texts = useTexts(lineageTexts);
  return properties.span === undefined ? pipeline : `${pipeline} · ${texts.span(String(properties.span))}`;
}

function PhotosStation({ data }: { data: string }) {
  const texts = useTexts(lineageTexts);
  const number = new Intl.NumberFormat(useLanguage());
  const { data: set, error, refetch } = useQuery(dataSetQuery(data));
  const { data: some } = useQuery(somePhotosQuery(data));
  const named = useLabelName();
  if (error)
    return (
      <Station name={texts.stations.photos}>
        <Fault error={error} retry={refetch} />
      </Station>
    );
  if (!set) return null;
  const labels = Object.entries(set.counts)
    .map(([label, counts]) => ({ label, count: Object.values(counts).reduce((sum, each) => sum + each, 0) }))
    .sort((a, b) => b.count - a.count);
  return (
    <Station name={texts.stations.photos}>
      <p className="path-main">{texts.photoCount(number.format(set.photos), set.labels)}</p>
      <p className="path-facts quiet">
        {labels.slice(0, 12).map(({ label, count }) => (
          <span key={label}>
            <bdi>{named(label)}</bdi> {number.format(count)}
          </span>
        ))}
        {set.corrections > 0 && <span>{texts.corrected(set.corrections)}</span>}
      </p>
      {some && some.length > 0 && (
        <ul className="path-photos">
          {some.map(({ sha256, filename, label }) => (
            <li key={sha256}>
              <Link to="/lineage" search={{ of: sha256 }}>
                <StoredPhoto
                  sha256={sha256}
                  data={data}
                  size={160}
                  alt={`${filename}, ${texts.labelled(named(label))}`}
                />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Station>
  );
}
