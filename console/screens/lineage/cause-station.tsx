import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fault } from '../../app/faults.tsx';
import { useTexts } from '../../app/texts.ts';
import { When } from '../../parts/when.tsx';
import { causeOf, firingQuery, type LineageRun, releaseQuery } from './data.ts';
import { Station } from './station.tsx';
import { lineageTexts } from './texts.ts';

/** What started a run: a trigger and its occasion, a release, or a person. */
export function CauseStation({ run }: { run: LineageRun }) {
  const texts = useTexts(lineageTexts);
  const cause = causeOf(run.trigger);
  return (
    <Station name={texts.stations.cause}>
      {cause.kind === 'trigger' ? (
        <TriggerCause name={cause.name} run={run.id} />
      ) : cause.kind === 'release' ? (
        <ReleaseCause id={cause.name} />
      ) : (
        <>
          <p className="path-main">{texts.causes[cause.kind]}</p>
          <p className="path-facts quiet">
            <span>{texts.by(run.who)}</span>
          </p>
        </>
      )}
    </Station>
  );
}

function TriggerCause({ name, run }: { name: string; run: string }) {
  const texts = useTexts(lineageTexts);
  const { data: firing, error, refetch } = useQuery(firingQuery(name, run));
  const [kind = '', about = ''] = firing?.occasion.split(':') ?? [];
  const occasion = texts.occasions[kind] ?? kind;
  return (
    <>
      <p className="path-main">
        <Link to="/watch" search={{ tab: 'triggers' }}>
          {texts.trigger(name)}
        </Link>
      </p>
      {error && <Fault error={error} retry={refetch} />}
      {firing === null && <p className="quiet">{texts.gone}</p>}
      {firing && (
        <>
          <p>{firing.why}</p>
          <p className="path-facts quiet">
            {kind === 'alert' ? (
              <Link to="/watch/alerts/$alert" params={{ alert: about }}>
                {occasion}
              </Link>
            ) : (
              <span>{occasion}</span>
            )}
            <When at={firing.at} />
          </p>
        </>
      )}
    </>
  );
}

function ReleaseCause({ id }: { id: string }) {
  const texts = useTexts(lineageTexts);
  const { data, error, refetch } = useQuery(releaseQuery(id));
  const release = data?.release;
  return (
    <>
      <p className="path-main">{texts.release(id)}</p>
      {error && <Fault error={error} retry={refetch} />}
      {data === null && <p className="quiet">{texts.gone}</p>}
      {release && (
        <p className="path-facts quiet">
          <span>{texts.releaseOf(release.environment)}</span>
          <span>{texts.by(release.who)}</span>
          <When at={release.createdAt} />
          {release.gitCommit && (
            <span>
              {texts.commit} <code>{release.gitCommit.slice(0, 12)}</code>
            </span>
          )}
        </p>
      )}
    </>
  );
}
