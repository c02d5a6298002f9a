import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Empty } from '../../parts/empty.tsx';
import { firstCommands } from '../../parts/first-commands.ts';
import { When } from '../../parts/when.tsx';
import { modelsQuery } from './data.ts';
import { modelTexts } from './texts.ts';
import './models.css';

export function Screen() {
  const texts = useTexts(modelTexts);
  const { data, error, refetch } = useQuery(modelsQuery);
  if (error) return <Fault error={error} retry={refetch} />;
  if (!data) return <Waiting />;
  return (
    <div className="models">
      <header>
        <h1>{texts.title}</h1>
        <p className="quiet">{texts.lead}</p>
      </header>
      {data.length === 0 ? (
        <Empty title={texts.empty} command={firstCommands}>
          <p>{texts.emptyLead}</p>
        </Empty>
      ) : (
        <ul className="models-list">
          {data.map(({ name, versions, champion, createdAt }) => (
            <li key={name}>
              <Link to="/models/$name" params={{ name }} className="models-row">
                <strong>{name}</strong>
                <span>{texts.versions(versions)}</span>
                <span>{champion === null ? texts.noChampion : texts.champion(String(champion))}</span>
                <span className="quiet">
                  <When at={createdAt} />
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
