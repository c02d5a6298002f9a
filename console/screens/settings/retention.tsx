import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { DataTable } from '../../parts/data-table.tsx';
import { Empty } from '../../parts/empty.tsx';
import { NumberField } from '../../parts/field.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { type Endpoint, endpointsQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { settingsTexts } from './texts.ts';

/** How long each endpoint keeps photos. */
export function Retention() {
  const { retention: texts, tabs } = useTexts(settingsTexts);
  const may = useMay();
  const [changed, setChanged] = useState<Endpoint | null>(null);
  return (
    <Loaded query={useQuery(endpointsQuery)}>
      {(found) =>
        found.length === 0 ? (
          <Empty title={texts.empty} command="npx mitate quickstart">
            <p>{texts.emptyLead}</p>
          </Empty>
        ) : (
          <>
            <p>{texts.lead}</p>
            <DataTable
              label={tabs.retention}
              rows={found}
              keyOf={({ name }) => name}
              columns={[
                { key: 'name', title: texts.endpoint, cell: ({ name }) => <strong>{name}</strong> },
                { key: 'keeps', title: texts.keeps, cell: ({ settings }) => texts.policies[settings.images.policy] },
                { key: 'days', title: texts.days, cell: ({ settings }) => texts.daysOf(settings.imageRetentionDays) },
                {
                  key: 'change',
                  title: '',
                  cell: (endpoint) =>
                    may('operate') && (
                      <span className="settings-acts">
                        <Button kind="quiet" label={texts.changeOf(endpoint.name)} onPress={() => setChanged(endpoint)}>
                          {texts.change}
                        </Button>
                      </span>
                    ),
                },
              ]}
            />
            {changed && <ChangeDays key={changed.name} endpoint={changed} close={() => setChanged(null)} />}
          </>
        )
      }
    </Loaded>
  );
}

function ChangeDays({ endpoint: { name, settings }, close }: { endpoint: Endpoint; close: () => void }) {
  const { retention: texts } = useTexts(settingsTexts);
  const queries = useQueryClient();
  const [days, setDays] = useState<number | null>(settings.imageRetentionDays);
  return (
    <ActSheet
      isOpen
      close={close}
      title={texts.changeOf(name)}
      verb={texts.save}
      act={async (why) => {
        await client.endpoints.set(name, { settings: { imageRetentionDays: days }, ...(why !== '' && { why }) });
        await queries.invalidateQueries({ queryKey: ['endpoints'] });
      }}
    >
      <NumberField
        label={texts.daysLabel}
        hint={texts.daysHint}
        unit={texts.unit}
        min={0}
        step={1}
        value={days}
        onChange={setDays}
      />
    </ActSheet>
  );
}
