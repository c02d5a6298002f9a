import { useTexts } from '../../app/texts.ts';
import { Command } from '../../parts/command.tsx';
import { homeTexts } from './texts.ts';

/** The product's name as it is written in Japanese. */
const mark = '見立て';

/** A workspace with nothing in it: what to type. */
export function FirstSteps() {
  const { empty } = useTexts(homeTexts);
  const steps = [
    { title: empty.train, said: empty.trainSaid, command: empty.commands.train },
    { title: empty.serve, said: empty.serveSaid, command: empty.commands.serve },
    { title: empty.ask, said: empty.askSaid, command: empty.commands.ask(location.origin) },
  ];
  return (
    <section className="first-steps">
      <p className="first-steps-mark" lang="ja" aria-hidden="true">
        {mark}
      </p>
      <h2>{empty.title}</h2>
      <p className="quiet">{empty.lead}</p>
      <ol className="first-steps-list">
        {steps.map(({ title, said, command }) => (
          <li key={title}>
            <h3>{title}</h3>
            <p>{said}</p>
            <Command text={command} />
          </li>
        ))}
      </ol>
    </section>
  );
}
