import { getRouteApi, Link } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { useLanguage } from '../../app/choices.ts';
import { Waiting } from '../../app/shell.tsx';
import { useTexts } from '../../app/texts.ts';
import { Button } from '../../parts/button.tsx';
import type { Lineage, LineageArtifact } from './data.ts';
import { artifactEdges, nameOf, nearest } from './path.ts';
import { lineageTexts } from './texts.ts';

const route = getRouteApi('/lineage');
// its library is larger than the screen
const Graph = lazy(() => import('../../parts/graph/graph.tsx').then((file) => ({ default: file.Graph })));

/** Boxes at first, and more each time. */
const step = 60;
/** In view at first: what is smaller cannot be read. */
const readable = 8;

export function GraphPart({ lineage, isShown }: { lineage: Lineage; isShown: boolean }) {
  const texts = useTexts(lineageTexts);
  const language = useLanguage();
  const navigate = route.useNavigate();
  const number = new Intl.NumberFormat(language);
  const show = () =>
    void navigate({
      to: '/lineage',
      search: (before) => ({ ...before, graph: isShown ? undefined : true }),
      replace: true,
    });
  return (
    <section className="stack">
      <header className="lineage-graph-head">
        <div>
          <h2>{texts.graph}</h2>
          <p className="quiet">{texts.graphLead(number.format(lineage.artifacts.length))}</p>
        </div>
        <Button onPress={show}>{isShown ? texts.hideGraph : texts.showGraph}</Button>
      </header>
      {isShown && (
        <Suspense fallback={<Waiting />}>
          <Drawn lineage={lineage} />
        </Suspense>
      )}
    </section>
  );
}

function Drawn({ lineage }: { lineage: Lineage }) {
  const texts = useTexts(lineageTexts);
  const number = new Intl.NumberFormat(useLanguage());
  const [count, setCount] = useState(step);
  const edges = artifactEdges(lineage);
  const { artifacts } = lineage;
  const shown = nearest(artifacts, edges, count);
  const ids = new Set(shown.map(({ id }) => id));
  const left = artifacts.length - shown.length;
  return (
    <>
      <Graph
        key={count}
        label={texts.graphLabel}
        boxes={shown.map((each) => ({ id: each.id, content: <ArtifactBox artifact={each} lineage={lineage} /> }))}
        edges={edges
          .filter(({ from, to }) => ids.has(from) && ids.has(to))
          .map(({ from, to, step: label, isHistory }) => ({ from, to, label, isDashed: isHistory }))}
        inView={shown.length > readable ? shown.slice(0, readable).map(({ id }) => id) : undefined}
      />
      {left > 0 && (
        <div className="row">
          <span className="quiet">{texts.shown(number.format(shown.length), number.format(artifacts.length))}</span>
          <Button onPress={() => setCount(count + step)}>{texts.more(number.format(Math.min(step, left)))}</Button>
        </div>
      )}
    </>
  );
}

function ArtifactBox({ artifact, lineage }: { artifact: LineageArtifact; lineage: Lineage }) {
  const texts = useTexts(lineageTexts);
  const model = lineage.models.find(({ artifactId }) => artifactId === artifact.id);
  const { span } = artifact.properties;
  const about = span === undefined ? artifact.step : `${artifact.step} · ${texts.span(String(span))}`;
  return (
    <Link
      to="/lineage"
      search={{ of: model ? nameOf(model) : artifact.id, graph: true }}
      className="graph-box nodrag nopan"
      aria-current={artifact.relation === 'subject' ? 'true' : undefined}
    >
      <strong>{model ? nameOf(model) : texts.types[artifact.type]}</strong>
      <span className="graph-box-about small quiet">{about}</span>
    </Link>
  );
}
