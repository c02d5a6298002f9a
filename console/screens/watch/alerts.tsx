import { useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { To } from '../../parts/to.tsx';
import { When } from '../../parts/when.tsx';
import { type AlertAnswer, alertsQuery } from './data.ts';
import { watchTexts } from './texts.ts';

export function Alerts() {
  const { alerts: texts } = useTexts(watchTexts);
  const { data, error, refetch } = useQuery(alertsQuery);
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  if (data.length === 0)
    return (
      <div className="stack">
        <p>{texts.none}</p>
        <p className="quiet">{texts.noneSaid}</p>
      </div>
    );
  const open = data.filter(({ state }) => state !== 'resolved');
  const resolved = data.filter(({ state }) => state === 'resolved');
  return (
    <>
      <section className="stack">
        <h2>{texts.open}</h2>
        {open.length === 0 ? <p className="quiet">{texts.noneOpen}</p> : <List alerts={open} />}
      </section>
      {resolved.length > 0 && (
        <section className="stack">
          <h2>{texts.closed}</h2>
          <List alerts={resolved} />
        </section>
      )}
    </>
  );
}

function List({ alerts }: { alerts: readonly AlertAnswer[] }) {
  const texts = useTexts(watchTexts);
  return (
    <ul className="watch-list">
      {alerts.map(({ id, monitor, endpoint, severity, state, openedAt, finding }) => (
        <li key={id}>
          <To href={`/watch/alerts/${id}`} className="list-row watch-row">
            <span className={`severity severity-${severity}`} role="img" aria-label={texts.severities[severity]} />
            <span className="watch-what">
              <strong>{monitor}</strong> <span className="quiet">{texts.alerts.on(endpoint)}</span>
              <span className="watch-said">{finding.said}</span>
            </span>
            <span className="watch-facts quiet small">
              <span>{texts.states[state]}</span>
              <When at={openedAt} />
            </span>
          </To>
        </li>
      ))}
    </ul>
  );
}
