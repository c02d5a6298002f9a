import { Graph as DagreGraph, layout } from '@dagrejs/dagre';
import { Background, Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import { useMemo } from 'react';
import { useTexts } from '../../app/texts.ts';
import type { RunGraph, RunStep } from './data.ts';
import { StateMark } from './state-mark.tsx';
import { runTexts } from './texts.ts';
import '@xyflow/react/dist/base.css';
import './run-graph.css';

const [width, height] = [190, 56];

type StepNode = Node<{ step: RunStep; isChosen: boolean; choose: (step: string) => void }, 'step'>;

/** Steps from left to right, in the order of what flows between them. */
export function RunGraphView(props: { graph: RunGraph; chosen: string | undefined; choose: (step: string) => void }) {
  const { graph, chosen, choose } = props;
  const texts = useTexts(runTexts);
  const names = graph.steps.map(({ step }) => step).join();
  const places = useMemo(() => placesOf(names.split(','), graph.edges), [names, graph.edges]);
  const nodes: StepNode[] = graph.steps.map((step) => ({
    id: step.step,
    type: 'step',
    position: places.get(step.step) ?? { x: 0, y: 0 },
    data: { step, isChosen: step.step === chosen, choose },
  }));
  const joined = Map.groupBy(graph.edges, ({ producer, consumer }) => `${producer} ${consumer}`);
  const edges = [...joined].map(([id, flows]) => ({
    id,
    source: flows[0]!.producer,
    target: flows[0]!.consumer,
    ariaLabel: flows.map(({ output }) => output).join(', '),
  }));
  return (
    <section className="run-graph" aria-label={texts.graphLabel}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        proOptions={{ hideAttribution: true }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

function StepBox({ data: { step, isChosen, choose } }: NodeProps<StepNode>) {
  return (
    <>
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <button
        type="button"
        className={`run-graph-step run-graph-${step.state} nodrag nopan`}
        aria-pressed={isChosen}
        onClick={() => choose(step.step)}
      >
        <strong>{step.step}</strong>
        <StateMark state={step.state} />
      </button>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </>
  );
}

const nodeTypes = { step: StepBox };

function placesOf(steps: readonly string[], edges: RunGraph['edges']): Map<string, { x: number; y: number }> {
  const graph = new DagreGraph();
  graph.setGraph({ rankdir: 'LR', nodesep: 24, ranksep: 56 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const step of steps) graph.setNode(step, { width, height });
  for (const { producer, consumer } of edges)
    if (steps.includes(producer) && steps.includes(consumer)) graph.setEdge(producer, consumer);
  layout(graph);
  return new Map(
    steps.map((step) => {
      const { x, y } = graph.node(step) as { x: number; y: number };
      return [step, { x: x - width / 2, y: y - height / 2 }];
    }),
  );
}
