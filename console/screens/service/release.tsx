import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { client } from '../../app/client.ts';
import { Fault } from '../../app/faults.tsx';
import { useMay } from '../../app/session.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import { Command } from '../../parts/command.tsx';
import { RequestPhoto } from '../../parts/request-photo.tsx';
import { ActSheet } from '../../parts/sheet.tsx';
import { When } from '../../parts/when.tsx';
import { disagreementsQuery, type PromotionAnswer, promotionQuery } from './data.ts';
import { ladderOf } from './ladder.ts';
import { serviceTexts } from './texts.ts';

/** A new version on its way to all of the traffic. */
export function Release({ endpoint }: { endpoint: string }) {
  const { release: texts } = useTexts(serviceTexts);
  const { data, error, refetch } = useQuery(promotionQuery(endpoint));
  if (data === undefined) return error ? <Fault error={error} retry={refetch} /> : <Waiting />;
  if (data === null)
    return (
      <div className="stack">
        <p>{texts.none}</p>
        <p className="quiet">{texts.noneSaid}</p>
        <Command text={texts.noneCommand(endpoint)} />
      </div>
    );
  return (
    <>
      {error && <Fault error={error} retry={refetch} />}
      <Cockpit promotion={data} />
    </>
  );
}

type ReleaseTexts = (typeof serviceTexts)['ja']['release'];

const named = (name: string, version: number) => `${name}@${version}`;

function Cockpit({ promotion }: { promotion: PromotionAnswer }) {
  const { release: texts } = useTexts(serviceTexts);
  const { modelName, version, championName, championVersion, state, now } = promotion;
  return (
    <div className="cockpit">
      <header className="cockpit-head">
        <div>
          <h2>{texts.title(named(modelName, version), named(championName, championVersion))}</h2>
          <p>
            <strong>{texts.states[state]}</strong> <span className="quiet">{now?.why ?? promotion.why}</span>
          </p>
        </div>
        <Acts promotion={promotion} />
      </header>
      <Ladder promotion={promotion} />
      <div className="cockpit-body">
        <Checks promotion={promotion} />
        <Disagreements promotion={promotion} />
      </div>
      <section className="stack">
        <h3>{texts.history}</h3>
        <ol className="history">
          {saidOf(promotion, texts).map(({ at, what, who, why }) => (
            <li key={`${at} ${what} ${who}`}>
              <span className="quiet">
                <When at={at} />
              </span>
              <div>
                <p>
                  <strong>{what}</strong> {why}
                </p>
                <p className="quiet">{who}</p>
              </div>
            </li>
          ))}
        </ol>
      </section>
    </div>
  );
}

/** What the worker decided and what people said, newest first. */
function saidOf(
  { decisions, approvals }: PromotionAnswer,
  { states, saids }: Pick<ReleaseTexts, 'states' | 'saids'>,
): { at: string; what: string; who: string; why: string }[] {
  return [
    ...decisions.map(({ state, ...rest }) => ({ ...rest, what: states[state] })),
    ...approvals.map(({ verdict, ...rest }) => ({ ...rest, what: saids[verdict] })),
  ].toSorted((a, b) => b.at.localeCompare(a.at));
}

function Ladder({ promotion }: { promotion: PromotionAnswer }) {
  const { release: texts } = useTexts(serviceTexts);
  const { replay, shadow, canary } = promotion.policy;
  const said = {
    replay: texts.stepSaid.replay(replay.requests),
    shadow: texts.stepSaid.shadow(shadow.requests),
    canary: texts.stepSaid.canary(canary.steps.join(', ')),
    promote: texts.stepSaid.promote,
  };
  return (
    <ol className="ladder">
      {ladderOf(promotion).map(({ id, mark }) => (
        <li
          key={id}
          className={`ladder-step ladder-${mark}`}
          aria-current={mark === 'now' || mark === 'waiting' ? 'step' : undefined}
        >
          <span className="ladder-mark" aria-hidden="true" />
          <strong>{texts.steps[id]}</strong>
          <span className="small">{texts.step[mark]}</span>
          <span className="quiet small">{mark === 'skipped' ? '' : said[id]}</span>
        </li>
      ))}
    </ol>
  );
}

/** As they stand; where none is judged now (it waits for a person, or has ended), those of the last decision. */
function Checks({ promotion: { now, decisions } }: { promotion: PromotionAnswer }) {
  const { release: texts } = useTexts(serviceTexts);
  const last = decisions.findLast(({ evidence }) => ((evidence as Evidence)?.checks?.length ?? 0) > 0);
  const checks = now?.checks.length ? now.checks : ((last?.evidence as Evidence)?.checks ?? []);
  return (
    <section className="stack">
      <h3>{texts.checks}</h3>
      {checks.length === 0 ? (
        <p className="quiet">{texts.noChecks}</p>
      ) : (
        <ul className="checks">
          {checks.map(({ id, name, verdict, said }) => (
            <li key={id} className={`check check-${verdict}`}>
              <span className="check-verdict">{texts.verdicts[verdict]}</span>
              <div>
                <p>{name}</p>
                <p className="quiet">{said}</p>
              </div>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
type Evidence = { checks?: NonNullable<PromotionAnswer['now']>['checks'] } | null;

function Disagreements({ promotion: { id } }: { promotion: PromotionAnswer }) {
  const { release: texts, ...more } = useTexts(serviceTexts);
  const may = useMay();
  const { data, error } = useQuery({ ...disagreementsQuery(id), enabled: may('operate') || may('approve') });
  if (!may('operate') && !may('approve')) return null;
  return (
    <section className="stack">
      <h3>{texts.disagreements}</h3>
      {error && <Fault error={error} />}
      {data?.length === 0 && <p className="quiet">{texts.noDisagreements}</p>}
      <ul className="disagreements">
        {data?.slice(0, 24).map(({ id: request, champion, candidate, isKept }) => (
          <li key={request}>
            <RequestPhoto id={request} isKept={isKept} alt={more.photo} isLarge />
            <span className="small">{`${champion} → ${candidate}`}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Acts({ promotion }: { promotion: PromotionAnswer }) {
  const { release: texts } = useTexts(serviceTexts);
  const may = useMay();
  const queries = useQueryClient();
  const [open, setOpen] = useState<'approve' | 'refuse' | 'abort' | null>(null);
  const { id, state, gate, endedAt, modelName, version } = promotion;
  const candidate = named(modelName, version);
  const ended = endedAt === null ? null : texts.ended;
  const notApprovable = ended ?? (state === 'waiting-for-approval' ? null : texts.notWaiting);
  const approving = may('approve') || may('operate') ? notApprovable : texts.mayNotApprove;
  const aborting = may('operate') ? ended : texts.mayNotOperate;
  const act = (verb: 'approve' | 'refuse' | 'abort') => async (why: string) => {
    await client.promotions[verb](id, why ? { why } : {});
    await queries.invalidateQueries({ queryKey: ['promotions'] });
    await queries.invalidateQueries({ queryKey: ['endpoints'] });
  };
  const close = () => setOpen(null);
  return (
    <div className="row">
      <Button kind="main" disabledBecause={approving} onPress={() => setOpen('approve')}>
        {texts.approve}
      </Button>
      <Button disabledBecause={approving} onPress={() => setOpen('refuse')}>
        {texts.refuse}
      </Button>
      <Button disabledBecause={aborting} onPress={() => setOpen('abort')}>
        {texts.abort}
      </Button>
      <ActSheet
        isOpen={open === 'approve'}
        close={close}
        title={texts.approve}
        verb={texts.approve}
        act={act('approve')}
      >
        <p>{texts.approveSaid(candidate, gate === null ? '' : texts.gates[gate])}</p>
      </ActSheet>
      <ActSheet isOpen={open === 'refuse'} close={close} title={texts.refuse} verb={texts.refuse} act={act('refuse')}>
        <p>{texts.refuseSaid(candidate)}</p>
      </ActSheet>
      <ActSheet isOpen={open === 'abort'} close={close} title={texts.abort} verb={texts.abort} act={act('abort')}>
        <p>{texts.abortSaid(candidate)}</p>
      </ActSheet>
    </div>
  );
}
