// Where nodes and edges of the graph lie. Made anew only when a node or an edge comes or goes.
import { graphlib, layout } from '@dagrejs/dagre';
import { endKey, endName, edgeKey, shortHost } from './format.js';

const OUTSIDE = 'outside';
const MANY_EDGES = 150;

export function nodesOf(edges, t) {
  const nodes = new Map();
  const add = (key, label, sub, kind, end) => {
    if (!nodes.has(key)) nodes.set(key, { key, label, sub, kind, end });
    return key;
  };
  const drawn = edges.map((edge) => {
    const { source, target, service } = edge.id;
    const from = source.workload
      ? add(endKey(source), endName(source), source.namespace, 'workload', source)
      : add(OUTSIDE, t('outside'), '', 'outside', null);
    const to = target.workload
      ? add(endKey(target), endName(target), target.namespace, 'workload', target)
      : add('service:' + service, shortHost(service) || t('unknown'), '', 'service', null);
    return { key: edgeKey(edge.id), from, to, edge };
  });
  return { nodes: [...nodes.values()], drawn };
}

export function place(nodes, drawn) {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 130, edgesep: 14,
    ranker: drawn.length > MANY_EDGES ? 'longest-path' : 'network-simplex' });
  for (const node of nodes) graph.setNode(node.key, { width: Math.max(120, node.label.length * 8 + 28), height: 46 });
  for (const each of drawn) graph.setEdge(each.from, each.to, { width: 92, height: 30, labelpos: 'c' }, each.key);
  layout(graph);
  const positions = new Map(nodes.map((node) => [node.key, graph.node(node.key)]));
  const paths = new Map(drawn.map((each) => [each.key, graph.edge(each.from, each.to, each.key)]));
  const size = graph.graph();
  return { positions, paths, width: size.width || 100, height: size.height || 100 };
}

/** A smooth line through the points that the layout gives. */
export function curve(points) {
  if (points.length < 2) return '';
  let path = `M${points[0].x},${points[0].y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const middle = { x: (points[i].x + points[i + 1].x) / 2, y: (points[i].y + points[i + 1].y) / 2 };
    path += ` Q${points[i].x},${points[i].y} ${middle.x},${middle.y}`;
  }
  const last = points[points.length - 1];
  return path + ` L${last.x},${last.y}`;
}
