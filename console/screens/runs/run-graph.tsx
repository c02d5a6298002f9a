import { useTexts } from '../../app/texts.ts';
import { Graph } from '../../parts/graph/graph.tsx';
import type { RunGraph } from './data.ts';
import { StateMark } from './state-mark.tsx';
import { runTexts } from './texts.ts';
import './run-graph.css';

/** Steps, and what flows between them. */
export function RunGraphView(props: { graph: RunGraph; chosen: string | undefined; choose: (step: string) => void }) {
  const { graph, chosen, choose } = props;
  const texts = useTexts(runTexts);
  const joined = Map.groupBy(graph.edges, ({ producer, consumer }) => `${producer} ${consumer}`);
  return (
    <Graph
      label={texts.graphLabel}
      boxes={graph.steps.map(({ step, state }) => ({
        id: step,
        content: (
          <button
            type="button"
            className={`graph-box run-graph-${state} nodrag nopan`}
            aria-pressed={step === chosen}
            onClick={() => choose(step)}
          >
            <strong>{step}</strong>
            <StateMark state={state} />
          </button>
        ),
      }))}
      edges={[...joined.values()].map((flows) => ({
        from: flows[0]!.producer,
        to: flows[0]!.consumer,
        label: flows.map(({ output }) => output).join(', '),
      }))}
    />
  );
}
