import { Graph as DagreGraph, layout } from '@dagrejs/dagre';
import { Background, Controls, Handle, type Node, type NodeProps, Position, ReactFlow } from '@xyflow/react';
import { type ReactNode, useMemo } from 'react';
import { dictionary, useTexts } from '../../app/texts.ts';
import '@xyflow/react/dist/base.css';
import './graph.css';

const [width, height] = [190, 56];

export interface Box {
  id: string;
  /** A button or link of class `graph-box nodrag nopan`. */
  content: ReactNode;
}
export interface Edge {
  from: string;
  to: string;
  /** Read out. */
  label: string;
  isDashed?: boolean;
}

const graphTexts = dictionary(
  {
    box: 'A box of the graph. What is in it can be opened.',
    edge: 'A line of the graph',
    controls: 'Size of the graph',
    closer: 'Closer',
    wider: 'Wider',
    whole: 'All of it',
  },
  {
    box: 'グラフの項目です。中の項目を開けます。',
    edge: 'グラフの線',
    controls: 'グラフの表示倍率',
    closer: '拡大',
    wider: '縮小',
    whole: '全体を表示',
  },
);

type BoxNode = Node<{ content: ReactNode; isDown: boolean }, 'box'>;

/** Boxes in the order of what flows between them: from left to right, on a phone from top to bottom. Load it lazily: its library is large. */
export function Graph(props: {
  label: string;
  boxes: readonly Box[];
  edges: readonly Edge[];
  /** Boxes that are in view at first; all without it. */
  inView?: readonly string[] | undefined;
}) {
  const { label, boxes, edges, inView } = props;
  const texts = useTexts(graphTexts);
  const isDown = matchMedia('(width <= 45rem)').matches;
  const ids = boxes.map(({ id }) => id).join(' ');
  const joined = edges.map(({ from, to }) => `${from} ${to}`).join('\n');
  const places = useMemo(() => placesOf(ids.split(' '), joined.split('\n'), isDown), [ids, joined, isDown]);
  const nodes: BoxNode[] = boxes.map(({ id, content }) => ({
    id,
    type: 'box',
    position: places.get(id) ?? { x: 0, y: 0 },
    data: { content, isDown },
  }));
  return (
    <section className="graph" aria-label={label}>
      <ReactFlow
        nodes={nodes}
        edges={edges.map(({ from, to, label: ariaLabel, isDashed }) => ({
          id: `${from} ${to}`,
          source: from,
          target: to,
          ariaLabel,
          ...(isDashed && { className: 'graph-edge-dashed' }),
        }))}
        nodeTypes={nodeTypes}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1, ...(inView && { nodes: inView.map((id) => ({ id })) }) }}
        minZoom={0.2}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        preventScrolling={false}
        zoomOnScroll={false}
        proOptions={{ hideAttribution: true }}
        ariaLabelConfig={{
          'node.a11yDescription.default': texts.box,
          'node.a11yDescription.keyboardDisabled': texts.box,
          'edge.a11yDescription.default': texts.edge,
          'controls.ariaLabel': texts.controls,
          'controls.zoomIn.ariaLabel': texts.closer,
          'controls.zoomOut.ariaLabel': texts.wider,
          'controls.fitView.ariaLabel': texts.whole,
        }}
      >
        <Background gap={24} size={1} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  );
}

function BoxView({ data: { content, isDown } }: NodeProps<BoxNode>) {
  return (
    <>
      <Handle type="target" position={isDown ? Position.Top : Position.Left} isConnectable={false} />
      {content}
      <Handle type="source" position={isDown ? Position.Bottom : Position.Right} isConnectable={false} />
    </>
  );
}

const nodeTypes = { box: BoxView };

/** @param joined `from to`; those of which an end is not shown are left out */
function placesOf(ids: readonly string[], joined: readonly string[], isDown: boolean) {
  const graph = new DagreGraph();
  graph.setGraph({ rankdir: isDown ? 'TB' : 'LR', nodesep: 24, ranksep: isDown ? 32 : 56 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const id of ids) graph.setNode(id, { width, height });
  for (const [from, to] of joined.map((each) => each.split(' ')))
    if (from && to && ids.includes(from) && ids.includes(to)) graph.setEdge(from, to);
  layout(graph);
  return new Map(
    ids.map((id) => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return [id, { x: x - width / 2, y: y - height / 2 }];
    }),
  );
}
