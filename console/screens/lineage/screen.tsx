import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Fault } from '../../app/faults.tsx';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { hasSubject, lineageQuery } from './data.ts';
import { GraphPart } from './graph-part.tsx';
import { PathView } from './path-view.tsx';
import { Start } from './start.tsx';
import { lineageTexts } from './texts.ts';
import './lineage.css';

const route = getRouteApi('/lineage');

export function Screen(): ReactNode {
  const subject = route.useSearch();
  return hasSubject(subject) ? <Traced /> : <Start />;
}

function Traced() {
  const texts = useTexts(lineageTexts);
  const { of, run, request, through, graph } = route.useSearch();
  const { data, error, refetch } = useQuery(lineageQuery({ of, run, request }));
  const back = (
    <Link to="/lineage" className="lineage-back small quiet">
      {texts.another}
    </Link>
  );
  if (error)
    return (
      <div className="lineage">
        {back}
        <h1>{texts.title}</h1>
        <Fault error={error} retry={refetch} />
      </div>
    );
  if (!data) return <Waiting />;
  return (
    <div className="lineage">
      {back}
      <PathView key={of ?? run ?? request} {...data} chosen={through} />
      {data.lineage && <GraphPart lineage={data.lineage} isShown={graph === true} />}
    </div>
  );
}
