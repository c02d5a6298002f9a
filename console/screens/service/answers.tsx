import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { useMay } from '../../app/session.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import type { EndpointAnswer } from './data.ts';
import { useEarlierPlan } from './earlier-plan.ts';
import { ShareBar } from './share-bar.tsx';
import { serviceTexts } from './texts.ts';

type Deployment = EndpointAnswer['deployments'][number];
const named = ({ modelName, version }: Pick<Deployment, 'modelName' | 'version'>) => `${modelName}@${version}`;

/** Which versions answer with what share, and the way back. */
export function Answers({ endpoint }: { endpoint: EndpointAnswer }) {
  const texts = useTexts(serviceTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [share, setShare] = useState<number | null>(null);
  const [open, setOpen] = useState<'share' | 'rollback' | null>(null);
  const stable = endpoint.deployments.find(({ role }) => role === 'stable');
  const canary = endpoint.deployments.find(({ role }) => role === 'canary');
  const shown = share ?? canary?.traffic ?? 0;
  const refresh = () => queries.invalidateQueries({ queryKey: ['endpoints'] });
  const canShare =
    may('operate') && stable && canary && endpoint.deployments.filter(({ role }) => role !== 'shadow').length === 2;
  return (
    <section className="answers" aria-labelledby="answers-title">
      <div className="answers-head">
        <h2 id="answers-title">{texts.answers}</h2>
        {(may('operate') || may('approve')) && endpoint.deployments.length > 0 && (
          <Button onPress={() => setOpen('rollback')}>{texts.rollback}</Button>
        )}
      </div>
      {endpoint.deployments.length === 0 && (
        <>
          <p>{texts.nothingAnswers}</p>
          <Command text={texts.deployCommand} />
        </>
      )}
      {stable && (
        <ShareBar
          parts={endpoint.deployments
            .filter(({ role }) => role !== 'shadow')
            .map((each) => ({
              name: named(each),
              role: each.role,
              share: !canShare ? each.traffic : each === canary ? shown : each === stable ? 100 - shown : each.traffic,
            }))}
          label={canary ? texts.share(named(canary)) : ''}
          onChange={canShare ? setShare : null}
        />
      )}
      <ul className="answers-list">
        {endpoint.deployments.map((each) => (
          <li key={each.id}>
            <span className={`answers-role answers-${each.role}`}>{texts.roles[each.role]}</span>
            <strong>{named(each)}</strong>
            <span>
              {`${each.role === 'shadow' ? `${texts.ofRequests} ` : ''}${each === canary ? shown : each === stable && canShare ? 100 - shown : each.traffic} %`}
            </span>
            <span className="quiet">
              <When at={each.since} />
            </span>
          </li>
        ))}
      </ul>
      {canShare && (
        <div className="row">
          {share !== null && share !== canary.traffic ? (
            <>
              <Button kind="main" onPress={() => setOpen('share')}>
                {texts.setShare}
              </Button>
              <Button kind="quiet" onPress={() => setShare(null)}>
                {texts.discard}
              </Button>
            </>
          ) : (
            <p className="quiet small">{texts.shareHint}</p>
          )}
        </div>
      )}
      {canShare && (
        <ActSheet
          isOpen={open === 'share'}
          close={() => setOpen(null)}
          title={texts.setShare}
          verb={texts.setShare}
          act={async (why) => {
            const unchangedSince = endpoint.updatedAt;
            await client.endpoints.traffic(endpoint.name, {
              traffic: { [named(canary)]: shown },
              unchangedSince,
              ...(why && { why }),
            });
            setShare(null);
            await refresh();
          }}
        >
          <p>{texts.setShareSaid(`${named(stable)} ${100 - shown} %, ${named(canary)} ${shown} %`)}</p>
        </ActSheet>
      )}
      <Rollback endpoint={endpoint} isOpen={open === 'rollback'} close={() => setOpen(null)} refresh={refresh} />
    </section>
  );
}

function Rollback(props: { endpoint: EndpointAnswer; isOpen: boolean; close: () => void; refresh: () => unknown }) {
  const { endpoint, isOpen, close, refresh } = props;
  const texts = useTexts(serviceTexts);
  const before = useEarlierPlan(endpoint.name, isOpen);
  return (
    <ActSheet
      isOpen={isOpen}
      close={close}
      title={texts.rollbackTitle(endpoint.name)}
      verb={texts.rollback}
      disabledBecause={before.data === null ? texts.rollbackNothing : null}
      act={async (why) => {
        await client.endpoints.rollback(endpoint.name, why ? { why } : {});
        await refresh();
      }}
    >
      {before.data === null ? (
        <p>{texts.rollbackNothing}</p>
      ) : (
        <>
          <p>{texts.rollbackSaid}</p>
          <ul>
            {(before.data ?? []).map((each) => (
              <li key={`${named(each)} ${each.role}`}>
                <strong>{named(each)}</strong> {`${texts.roles[each.role]} ${each.traffic} %`}
              </li>
            ))}
          </ul>
          <p className="quiet">{texts.rollbackWhom}</p>
        </>
      )}
    </ActSheet>
  );
}
