import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { figure } from '../../parts/numbers.ts';
import { ResultChart } from '../../parts/result-chart.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { To } from '../../parts/to.tsx';
import { When } from '../../parts/when.tsx';
import { gridQuery, triggersQuery, type WhyAnswer, whyQuery } from './data.ts';
import { Distribution } from './distribution.tsx';
import { alertTexts } from './texts.ts';
import './alert.css';

const route = getRouteApi('/watch/alerts/$alert');

/** Why did this fire: the number, the series, what moved, what else changed, and what to do. */
export function Screen() {
  const { alert } = route.useParams();
  const { data, error, refetch } = useQuery(whyQuery(alert));
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  return <Page why={data} />;
}

function Page({ why }: { why: WhyAnswer }) {
  const texts = useTexts(alertTexts);
  const { alert, model, series, histogram, changes } = why;
  const { statistic, p, threshold, said } = alert.finding;
  const results = series.map(({ windowStart, windowEnd, ...finding }) => ({ windowStart, windowEnd, finding }));
  return (
    <div className="alert-page">
      <p className="small">
        <To href="/watch">{texts.back}</To>
      </p>
      <header className="alert-head">
        <div>
          <h1>
            {alert.monitor} <span className="quiet">{texts.on(alert.endpoint)}</span>
          </h1>
          <p className="quiet">
            {`${texts.states[alert.state]} · ${texts.openedAt} `}
            <When at={alert.openedAt} />
          </p>
        </div>
        <Acts why={why} />
      </header>
      <section className="stack" aria-labelledby="why-title">
        <h2 id="why-title">{texts.why}</h2>
        <p className="alert-said">{said}</p>
        {threshold !== null && (
          <p>
            {p === null
              ? statistic !== null && texts.numbers(figure(statistic), figure(threshold))
              : texts.chance(figure(p), figure(threshold))}
          </p>
        )}
        <p className="quiet">{alert.remedy}</p>
        {model !== null && (
          <p className="small">
            {texts.judged(model)}{' '}
            <Link to="/lineage" search={{ of: model }}>
              {texts.lineage}
            </Link>
          </p>
        )}
      </section>
      <div className="alert-charts">
        {results.length > 0 && (
          <ResultChart
            title={texts.series}
            results={results}
            shaded={[new Date(alert.windowStart), new Date(alert.windowEnd)]}
          />
        )}
        {histogram && <Distribution histogram={histogram} />}
      </div>
      <section className="stack" aria-labelledby="changes-title">
        <h2 id="changes-title">{texts.changes}</h2>
        {changes.length === 0 && <p className="quiet">{texts.noChanges}</p>}
        <ul>
          {changes.map(({ at, kind, what, said: change, who }) => (
            <li key={`${at} ${what} ${change}`} className="alert-change">
              <span className="quiet">{texts.kinds[kind]}</span>
              <span>{change}</span>
              <span className="quiet small">
                {at && <When at={at} />} {who}
              </span>
            </li>
          ))}
        </ul>
      </section>
      <Photos alert={alert.id} hasMovers={alert.finding.movers.length > 0} />
      <section className="stack" aria-labelledby="timeline-title">
        <h2 id="timeline-title">{texts.timeline}</h2>
        <ol>
          {alert.timeline.map(({ at, who, what }) => (
            <li key={`${at} ${what}`} className="alert-change">
              <span className="quiet">
                <When at={at} />
              </span>
              <span>{what}</span>
              <span className="quiet small">{who}</span>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

function Acts({ why: { alert } }: { why: WhyAnswer }) {
  const texts = useTexts(alertTexts);
  const may = useMay();
  const queries = useQueryClient();
  const { data: triggers = [] } = useQuery(triggersQuery);
  const [open, setOpen] = useState<'ack' | 'silence' | 'resolve' | 'retrain' | null>(null);
  const close = () => setOpen(null);
  const ended = alert.state === 'resolved' ? texts.isResolved : null;
  const trigger = triggers.find(
    ({ trigger: { when, isEnabled } }) => isEnabled && when.kind === 'drift' && when.endpoint === alert.endpoint,
  )?.trigger;
  const refresh = () => queries.invalidateQueries({ queryKey: ['alerts'] });
  const body = (why: string) => (why ? { why } : {});
  if (!may('operate') && !may('label')) return <p className="quiet">{texts.mayNot}</p>;
  return (
    <div className="row">
      <Button
        kind="main"
        disabledBecause={ended ?? (alert.state === 'acknowledged' ? texts.states.acknowledged : null)}
        onPress={() => setOpen('ack')}
      >
        {texts.acknowledge}
      </Button>
      <Button disabledBecause={ended} onPress={() => setOpen('silence')}>
        {texts.silence}
      </Button>
      <Button disabledBecause={ended} onPress={() => setOpen('resolve')}>
        {texts.resolve}
      </Button>
      {may('operate') && (
        <Button disabledBecause={trigger ? null : texts.noTrigger} onPress={() => setOpen('retrain')}>
          {texts.retrain}
        </Button>
      )}
      <ActSheet
        isOpen={open === 'ack'}
        close={close}
        title={texts.acknowledge}
        verb={texts.acknowledge}
        act={(why) => client.alerts.ack(alert.id, body(why)).then(refresh)}
      >
        <p>{texts.acknowledgeSaid}</p>
      </ActSheet>
      <ActSheet
        isOpen={open === 'silence'}
        close={close}
        title={texts.silence}
        verb={texts.silence}
        act={(why) =>
          client.alerts
            .silence(alert.id, { until: new Date(Date.now() + 86_400_000).toISOString(), ...body(why) })
            .then(refresh)
        }
      >
        <p>{texts.silenceSaid}</p>
      </ActSheet>
      <ActSheet
        isOpen={open === 'resolve'}
        close={close}
        title={texts.resolve}
        verb={texts.resolve}
        act={(why) => client.alerts.resolve(alert.id, body(why)).then(refresh)}
      >
        <p>{texts.resolveSaid}</p>
      </ActSheet>
      {trigger && (
        <ActSheet
          isOpen={open === 'retrain'}
          close={close}
          title={texts.retrain}
          verb={texts.retrain}
          hasWhy={false}
          act={() => client.triggers.run(trigger.name)}
        >
          <p>{texts.retrainSaid(trigger.name, trigger.pipeline)}</p>
        </ActSheet>
      )}
    </div>
  );
}

function Photos({ alert, hasMovers }: { alert: string; hasMovers: boolean }) {
  const texts = useTexts(alertTexts);
  const may = useMay();
  const { data, isLoading } = useQuery({ ...gridQuery(alert), enabled: hasMovers && may('operate') });
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!data) return;
    const made = URL.createObjectURL(data);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [data]);
  if (!may('operate')) return null;
  return (
    <section className="stack" aria-labelledby="photos-title">
      <h2 id="photos-title">{texts.photos}</h2>
      {address ? (
        <>
          <p className="quiet small">{texts.grid}</p>
          <img src={address} alt={texts.grid} />
        </>
      ) : isLoading || data ? (
        <Waiting />
      ) : (
        <p className="quiet">{texts.noPhotos}</p>
      )}
    </section>
  );
}
