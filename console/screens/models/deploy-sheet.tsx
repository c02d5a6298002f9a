import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useTexts } from '../../app/texts.ts';
import { Choice } from '../../parts/choice.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { endpointsQuery, type Version } from './data.ts';
import { modelTexts } from './texts.ts';

/** To an endpoint: by a promotion, or at once. */
export function DeploySheet({ version: { name, version }, close }: { version: Version; close: () => void }) {
  const texts = useTexts(modelTexts);
  const queries = useQueryClient();
  const { data: endpoints = [] } = useQuery(endpointsQuery);
  const [chosen, setChosen] = useState<string>();
  const [wanted, setWanted] = useState<'promotion' | 'now'>();
  const serving = endpoints.find(({ deployments }) => deployments.some((each) => each.modelName === name));
  const endpoint = endpoints.find((each) => each.name === chosen) ?? serving ?? endpoints[0];
  const isServed = endpoint?.deployments.some(({ role }) => role === 'stable') === true;
  // a promotion replaces what answers: without that there is nothing to compare with
  const how = isServed ? (wanted ?? 'promotion') : 'now';
  const model = `${name}@${version}`;
  const act = async (why: string) => {
    if (!endpoint) return;
    const about = { model, ...(why !== '' && { why }) };
    if (how === 'promotion') await client.promotions.start({ endpoint: endpoint.name, ...about });
    else {
      await client.endpoints.deploy(endpoint.name, about);
      if (isServed) await client.endpoints.promote(endpoint.name, about);
    }
    await queries.invalidateQueries({ queryKey: ['endpoints'] });
    await queries.invalidateQueries({ queryKey: ['models'] });
  };
  return (
    <ActSheet
      isOpen
      close={close}
      title={texts.deployTitle(model)}
      verb={texts.deployVerb[how]}
      act={act}
      disabledBecause={endpoint ? null : texts.noEndpoint}
    >
      {endpoint ? (
        <>
          <Choice
            label={texts.endpoint}
            value={endpoint.name}
            options={endpoints.map((each) => ({ value: each.name, text: each.displayName ?? each.name }))}
            onChange={setChosen}
          />
          {isServed && (
            <Choice
              label={texts.how}
              value={how}
              options={(['promotion', 'now'] as const).map((value) => ({ value, text: texts.hows[value] }))}
              onChange={setWanted}
            />
          )}
          <p>{texts.howLead[how]}</p>
        </>
      ) : (
        <p>{texts.noEndpoint}</p>
      )}
    </ActSheet>
  );
}
