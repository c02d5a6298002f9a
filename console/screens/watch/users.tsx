import { useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Command } from '../../parts/command.tsx';
import { figure, percentText, whole } from '../../parts/numbers.ts';
import { type BehaviourAnswer, behaviourQuery } from './data.ts';
import { watchTexts } from './texts.ts';

type Rate = BehaviourAnswer['helped'];

/** What users did with the answers: a funnel per version. */
export function Users() {
  const { users: texts } = useTexts(watchTexts);
  const { data, error, refetch } = useQuery(behaviourQuery);
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  const used = data.filter(({ funnel }) => funnel.seen.count + funnel.acted.count + funnel.reported.count > 0);
  if (used.length === 0)
    return (
      <div className="stack">
        <p>{texts.none}</p>
        <p className="quiet">{texts.noneSaid}</p>
        <Command text={texts.noneCode} />
      </div>
    );
  return (
    <div className="funnels">
      {used.map((each) => (
        <Funnel key={`${each.endpoint} ${each.model} ${each.role}`} of={each} />
      ))}
    </div>
  );
}

function Funnel({ of }: { of: BehaviourAnswer }) {
  const { users: texts } = useTexts(watchTexts);
  const { endpoint, model, answered, funnel, rates, helped, decision } = of;
  const steps: [string, number][] = [
    [texts.answered, answered],
    [texts.seen, funnel.seen.count],
    [texts.accepted, rates.accepted.count],
    [texts.acted, funnel.acted.count],
    [texts.reported, funnel.reported.count],
  ];
  const facts: [string, Rate][] = [
    [texts.accepted, rates.accepted],
    [texts.overridden, rates.overridden],
    [texts.retaken, rates.retaken],
    [texts.abandoned, rates.abandoned],
    [texts.helped, helped],
  ];
  return (
    <section className="funnel">
      <h2>
        {model} <span className="quiet">{endpoint}</span>
      </h2>
      <p className="quiet small">{texts.period}</p>
      <ol className="funnel-steps">
        {steps.map(([name, count]) => (
          <li key={name}>
            <span>{name}</span>
            <span className="funnel-bar">
              <span style={{ inlineSize: `${answered === 0 ? 0 : (100 * count) / answered}%` }} />
            </span>
            <span>{texts.of(whole(count), percentText(answered === 0 ? 0 : count / answered))}</span>
          </li>
        ))}
      </ol>
      <h3>{texts.rates}</h3>
      <dl className="facts">
        {facts.map(([name, { share, low, high }]) => (
          <div key={name}>
            <dt className="quiet">{name}</dt>
            <dd>
              {share === null ? '–' : percentText(share)}{' '}
              {low !== null && high !== null && (
                <span className="quiet small">{texts.interval(percentText(low), percentText(high))}</span>
              )}
            </dd>
          </div>
        ))}
        {decision && (
          <div>
            <dt className="quiet">{texts.decision}</dt>
            <dd>{texts.seconds(figure(decision.value))}</dd>
          </div>
        )}
      </dl>
    </section>
  );
}
