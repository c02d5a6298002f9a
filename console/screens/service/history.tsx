import { useQuery } from '@tanstack/react-query';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { When } from '../../parts/when.tsx';
import { timelineQuery } from './data.ts';
import type { Plan } from './earlier-plan.ts';
import { serviceTexts } from './texts.ts';

/** Every change of the endpoint, newest first: what, who, why. */
export function History({ endpoint }: { endpoint: string }) {
  const texts = useTexts(serviceTexts);
  const { data, error, refetch } = useQuery(timelineQuery(endpoint));
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  if (data.length === 0) return <p className="quiet">{texts.history.none}</p>;
  return (
    <ol className="history">
      {data.map(({ seq, action, at, who, why, after }) => (
        <li key={seq}>
          <span className="quiet">
            <When at={at} />
          </span>
          <div>
            <p>
              <strong>{texts.history.actions[action]}</strong>{' '}
              {Array.isArray(after) && planText(after as Plan, texts.roles)}
            </p>
            <p className="quiet">{`${who} · ${why}`}</p>
          </div>
        </li>
      ))}
    </ol>
  );
}

const planText = (plan: Plan, roles: Record<Plan[number]['role'], string>) =>
  plan.map(({ modelName, version, role, traffic }) => `${modelName}@${version} ${roles[role]} ${traffic} %`).join(', ');
