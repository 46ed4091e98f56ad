// Where nodes and edges of the graph lie. Made anew only when a node or an edge comes or goes.
import { graphlib, layout } from '@dagrejs/dagre';
import { endKey, endName, edgeKey, shortHost, cut } from './format.js';

const OUTSIDE = 'outside';
const NAME = 34;

/** Beyond so many edges labels are in each other's way and dagre takes seconds. */
export const MANY_EDGES = 100;
const MOST_RANKS = 14;

export function nodesOf(edges, t) {
  const nodes = new Map();
  const add = (key, label, sub, kind, end) => {
    if (!nodes.has(key)) nodes.set(key, { key, label: cut(label, NAME), sub: cut(sub, NAME), full: sub ? `${sub}/${label}` : label, kind, end });
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

const widthOf = (node) => Math.max(120, Math.max(node.label.length * 8, node.sub.length * 7) + 28);
const HEIGHT = 46;

/** Positions of nodes, and of edges their line and the place of their label. */
export function place(nodes, drawn) {
  return drawn.length > MANY_EDGES ? layered(nodes, drawn) : careful(nodes, drawn);
}

function careful(nodes, drawn) {
  const graph = new graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 130, edgesep: 14 });
  for (const node of nodes) graph.setNode(node.key, { width: widthOf(node), height: HEIGHT });
  for (const each of drawn) graph.setEdge(each.from, each.to, { width: 92, height: 30, labelpos: 'c' }, each.key);
  layout(graph);
  const positions = new Map(nodes.map((node) => [node.key, graph.node(node.key)]));
  const paths = new Map(drawn.map((each) => {
    const { points, x, y } = graph.edge(each.from, each.to, each.key);
    return [each.key, { line: curve(points), x, y }];
  }));
  const size = graph.graph();
  return { positions, paths, width: size.width || 100, height: size.height || 100 };
}

/** A smooth line through the points that the layout gives. */
function curve(points) {
  if (points.length < 2) return '';
  let path = `M${points[0].x},${points[0].y}`;
  for (let i = 1; i < points.length - 1; i++) {
    const middle = { x: (points[i].x + points[i + 1].x) / 2, y: (points[i].y + points[i + 1].y) / 2 };
    path += ` Q${points[i].x},${points[i].y} ${middle.x},${middle.y}`;
  }
  const last = points[points.length - 1];
  return path + ` L${last.x},${last.y}`;
}

/** Columns by the distance from where requests come in, each ordered by its neighbours. */
function layered(nodes, drawn) {
  const at = new Map(nodes.map((node, i) => [node.key, i]));
  const forward = ahead(nodes.length, drawn.map((d) => [at.get(d.from), at.get(d.to)]));
  const rank = ranks(nodes.length, forward);
  const columns = [];
  nodes.forEach((node, i) => (columns[rank[i]] ||= []).push(i));
  const full = columns.filter(Boolean);
  order(full, forward, nodes.length);
  const positions = new Map();
  let x = 0;
  let tallest = 0;
  for (const column of full) {
    const width = Math.max(...column.map((i) => widthOf(nodes[i])));
    column.forEach((i, row) => positions.set(nodes[i].key, { x: x + width / 2, y: (row - (column.length - 1) / 2) * (HEIGHT + 18), width: widthOf(nodes[i]), height: HEIGHT }));
    x += width + 190;
    tallest = Math.max(tallest, column.length * (HEIGHT + 18));
  }
  for (const position of positions.values()) position.y += tallest / 2;
  return { positions, paths: lines(drawn, positions), width: x - 190, height: tallest };
}

/** The edges without those that close a circle: these go backwards. */
function ahead(count, pairs) {
  const out = Array.from({ length: count }, () => []);
  const incoming = new Array(count).fill(0);
  for (const [from, to] of pairs) if (from !== to) { out[from].push(to); incoming[to]++; }
  const state = new Uint8Array(count);
  const kept = [];
  const visit = (first) => {
    const stack = [[first, 0]];
    state[first] = 1;
    while (stack.length) {
      const top = stack[stack.length - 1];
      if (top[1] >= out[top[0]].length) { state[top[0]] = 2; stack.pop(); continue; }
      const to = out[top[0]][top[1]++];
      if (state[to] === 1) continue;
      kept.push([top[0], to]);
      if (state[to] === 0) { state[to] = 1; stack.push([to, 0]); }
    }
  };
  const byIncoming = [...Array(count).keys()].sort((a, b) => incoming[a] - incoming[b]);
  for (const node of byIncoming) if (state[node] === 0) visit(node);
  return kept;
}

function ranks(count, forward) {
  const out = Array.from({ length: count }, () => []);
  const waits = new Array(count).fill(0);
  for (const [from, to] of forward) { out[from].push(to); waits[to]++; }
  const rank = new Array(count).fill(0);
  const ready = [...Array(count).keys()].filter((i) => waits[i] === 0);
  while (ready.length) {
    const node = ready.pop();
    for (const to of out[node]) {
      rank[to] = Math.max(rank[to], rank[node] + 1);
      if (--waits[to] === 0) ready.push(to);
    }
  }
  const most = Math.max(...rank);
  return most < MOST_RANKS ? rank : rank.map((r) => Math.round((r * (MOST_RANKS - 1)) / most));
}

function order(columns, forward, count) {
  const next = Array.from({ length: count }, () => []);
  const before = Array.from({ length: count }, () => []);
  for (const [from, to] of forward) { next[from].push(to); before[to].push(from); }
  const place = new Float64Array(count);
  const settle = (column) => column.forEach((i, row) => { place[i] = (row + 0.5) / column.length; });
  columns.forEach(settle);
  for (let sweep = 0; sweep < 8; sweep++) {
    const neighbours = sweep % 2 ? next : before;
    const way = sweep % 2 ? [...columns].reverse() : columns;
    for (const column of way) {
      const wish = new Map(column.map((i) => [i, neighbours[i].length ? neighbours[i].reduce((sum, n) => sum + place[n], 0) / neighbours[i].length : place[i]]));
      column.sort((a, b) => wish.get(a) - wish.get(b));
      settle(column);
    }
  }
}

/** Lines leave and arrive beside each other, in the order of their other ends. */
function lines(drawn, positions) {
  const leaving = new Map();
  const arriving = new Map();
  const put = (map, key, each) => (map.get(key) || map.set(key, []).get(key)).push(each);
  for (const each of drawn) { put(leaving, each.from, each); put(arriving, each.to, each); }
  const offset = new Map();
  const spread = (map, other, side) => {
    for (const list of map.values()) {
      list.sort((a, b) => positions.get(a[other]).y - positions.get(b[other]).y);
      const step = Math.min(6, (HEIGHT - 10) / list.length);
      list.forEach((each, i) => offset.set(side + each.key, (i - (list.length - 1) / 2) * step));
    }
  };
  spread(leaving, 'to', '>');
  spread(arriving, 'from', '<');
  return new Map(drawn.map((each) => {
    const from = positions.get(each.from);
    const to = positions.get(each.to);
    const a = { x: from.x + from.width / 2, y: from.y + offset.get('>' + each.key) };
    const b = { x: to.x - to.width / 2, y: to.y + offset.get('<' + each.key) };
    const bend = Math.max(60, Math.abs(b.x - a.x) / 2.5);
    return [each.key, {
      line: `M${a.x.toFixed(1)},${a.y.toFixed(1)} C${(a.x + bend).toFixed(1)},${a.y.toFixed(1)} ${(b.x - bend).toFixed(1)},${b.y.toFixed(1)} ${b.x.toFixed(1)},${b.y.toFixed(1)}`,
      x: (a.x + b.x) / 2, y: (a.y + b.y) / 2,
    }];
  }));
}
