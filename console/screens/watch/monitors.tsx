import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { ResultChart } from '../../parts/result-chart.tsx';
import { When } from '../../parts/when.tsx';
import { type MonitorAnswer, monitorsQuery, resultsQuery } from './data.ts';
import { watchTexts } from './texts.ts';

export function Monitors() {
  const { monitors: texts } = useTexts(watchTexts);
  const [open, setOpen] = useState<string | null>(null);
  const { data, error, refetch } = useQuery(monitorsQuery);
  if (!data) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  if (data.length === 0)
    return (
      <div className="stack">
        <p>{texts.none}</p>
        <p className="quiet">{texts.noneSaid}</p>
        <Command text={texts.noneCommand} />
      </div>
    );
  const worst = { breach: 0, failed: 1, ok: 2, 'not-enough-data': 3 };
  const rank = ({ latest }: MonitorAnswer) => (latest ? worst[latest.state] : 4);
  return (
    <ul className="watch-list">
      {data
        .toSorted((a, b) => rank(a) - rank(b))
        .map((each) => (
          <li key={each.monitor.name}>
            <button
              type="button"
              className="list-row watch-row"
              aria-expanded={open === each.monitor.name}
              onClick={() => setOpen(open === each.monitor.name ? null : each.monitor.name)}
            >
              <Row monitor={each} />
            </button>
            {open === each.monitor.name && <Series monitor={each} />}
          </li>
        ))}
    </ul>
  );
}

function Row({ monitor: { monitor, latest } }: { monitor: MonitorAnswer }) {
  const { monitors: texts } = useTexts(watchTexts);
  const state = latest?.state ?? 'not-enough-data';
  return (
    <>
      <span className={`result result-${state}`} aria-hidden="true" />
      <span className="watch-what">
        <strong>{monitor.name}</strong> <span className="quiet">{monitor.endpoint}</span>
        <span className="watch-said">{latest ? latest.finding.said : texts.never}</span>
      </span>
      <span className="watch-facts quiet small">
        <span>{monitor.isEnabled ? texts.result[state] : texts.off}</span>
        {latest && <When at={latest.at} />}
      </span>
    </>
  );
}

function Series({ monitor: { monitor } }: { monitor: MonitorAnswer }) {
  const { monitors: texts } = useTexts(watchTexts);
  const may = useMay();
  const queries = useQueryClient();
  const { data, error, refetch } = useQuery(resultsQuery(monitor.name));
  const refresh = () => queries.invalidateQueries({ queryKey: ['monitors'] });
  return (
    <div className="watch-inside">
      {error && <Fault error={error} retry={refetch} />}
      {data && <ResultChart title={monitor.name} results={data} />}
      {may('operate') && (
        <div className="row">
          <Button
            onPress={async () => {
              await client.monitors.run(monitor.name);
              await refresh();
            }}
          >
            {texts.runNow}
          </Button>
          <Button
            kind="quiet"
            onPress={async () => {
              await client.monitors.set(monitor.name, { isEnabled: !monitor.isEnabled });
              await refresh();
            }}
          >
            {monitor.isEnabled ? texts.switchOff : texts.switchOn}
          </Button>
        </div>
      )}
    </div>
  );
}
