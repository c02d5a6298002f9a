import { useQuery } from '@tanstack/react-query';
import type { AnswerOf } from '../../../src/client/index.ts';
import { useTexts } from '../../app/texts.ts';
import { Command } from '../../parts/command.tsx';
import { maturityQuery } from './data.ts';
import { Loaded } from './loaded.tsx';
import { settingsTexts } from './texts.ts';

type Check = Awaited<AnswerOf<'reports.maturity'>>[number];
/** Shape and word: ● shown, ◐ only claimed, ○ missing. */
const marks = { holds: '●', claimed: '◐', missing: '○' } as const;

const stateOf = ({ holds, claim }: Check) => (holds ? 'holds' : claim !== null ? 'claimed' : 'missing');
/** Else it says in words what to change in the pipeline. */
const isCommand = (gap: string) => gap.startsWith('mitate ');
const levelOf = ({ id }: Check) => id.slice(1, 2);

/** Each level: how far it is shown, what is missing with the command that closes the gap, and the evidence of the rest. */
export function Maturity() {
  const texts = useTexts(settingsTexts);
  return (
    <Loaded query={useQuery(maturityQuery)}>
      {(checks) => (
        <>
          <p>{texts.maturity.lead}</p>
          {[...new Set(checks.map(levelOf))].map((level) => (
            <Level key={level} level={level} checks={checks.filter((check) => levelOf(check) === level)} />
          ))}
        </>
      )}
    </Loaded>
  );
}

function Level({ level, checks }: { level: string; checks: readonly Check[] }) {
  const { maturity: texts } = useTexts(settingsTexts);
  const held = checks.filter(({ holds }) => holds);
  const open = checks.filter(({ holds }) => !holds);
  return (
    <section className="settings-level">
      <h2>{texts.level(level, held.length, checks.length)}</h2>
      <p className="settings-marks" aria-hidden="true">
        {checks.map((check) => marks[stateOf(check)]).join('')}
      </p>
      {open.length > 0 && (
        <>
          <h3>{texts.open}</h3>
          <ul className="settings-checks">
            {open.map((check) => (
              <OneCheck key={check.id} check={check} />
            ))}
          </ul>
        </>
      )}
      {held.length > 0 && (
        <details>
          <summary>{texts.shown}</summary>
          <ul className="settings-checks">
            {held.map((check) => (
              <OneCheck key={check.id} check={check} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function OneCheck({ check }: { check: Check }) {
  const { maturity: texts } = useTexts(settingsTexts);
  const state = stateOf(check);
  const { id, title, evidence, claim, gap } = check;
  return (
    <li>
      <span aria-hidden="true">{marks[state]}</span>
      <div>
        <p>
          {title}
          <span className="quiet small settings-aside">{`${id} · ${texts[state]}`}</span>
        </p>
        {(evidence ?? claim) && <p className="quiet">{evidence ?? claim}</p>}
        {gap && (isCommand(gap) ? <Command text={gap} /> : <p>{gap}</p>)}
      </div>
    </li>
  );
}
