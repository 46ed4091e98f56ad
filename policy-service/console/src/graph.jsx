// Who calls whom, live: the picture, the same as a table, and the reason behind an edge.
import { Component } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { MANY_EDGES, nodesOf, place } from './layout.js';
import { cut, endName, edgeKey, link, millis, percent, rate, shortHost } from './format.js';
import { EdgePanel } from './edge.jsx';
import { Empty, Table, Text } from './parts.jsx';

/** Where a picture is so small that nobody could read what stands at its edges. */
const READABLE = 0.55;
const MOST_LABELS = 150;

export function health(numbers) {
  const share = numbers.requests ? numbers.errors / numbers.requests : 0;
  if (share >= 0.05) return 'bad';
  if (share > 0 || numbers.denied > 0) return 'warn';
  return 'good';
}

const names = (id, t) => `${endName(id.source) || t('outside')} → ${endName(id.target) || shortHost(id.service)}`;

function words({ id, numbers }, t) {
  const first = id.protocol === 'tcp' ? `${numbers.opened} tcp` : `${rate(numbers.rate)}/s ${numbers.errors ? percent(numbers.errors, numbers.requests) : ''}`;
  const second = numbers.denied ? `${numbers.denied} ${t('denied').toLowerCase()}` : numbers.p95 ? `${millis(numbers.p95)} ms` : '';
  return [first, second];
}

/** A padlock, drawn: not every machine has a font with one. */
function Lock({ x, y }) {
  return <path class="lock" transform={`translate(${x},${y})`} d="M2 6V4a3 3 0 0 1 6 0v2h1v6H1V6zM3.5 6h3V4a1.5 1.5 0 0 0-3 0z" />;
}

/** Drawn again only when something of it is to look different: most edges mostly stay as they are. */
class EdgeLine extends Component {
  shouldComponentUpdate(next) {
    const now = this.props;
    return next.path !== now.path || next.kind !== now.kind || next.selected !== now.selected || next.reached !== now.reached
      || next.first !== now.first || next.second !== now.second || next.name !== now.name || next.lock !== now.lock || next.hit !== now.hit;
  }

  render({ id, path, kind, selected, reached, name, first, second, lock, labelled, hit }) {
    return (
      <g class={`edge ${kind} ${selected ? 'selected' : ''}`} role="button" tabindex={reached ? 0 : -1} data-edge={id} aria-label={`${name} ${first} ${second}`} aria-pressed={selected}>
        {hit && <path class="hit" d={path.line} />}
        <path class="line" d={path.line} marker-end={`url(#arrow-${kind})`} />
        {labelled && <g transform={`translate(${path.x},${path.y})`}>
          <rect x={-48} y={-17} width={96} height={34} rx={6} />
          {lock && <Lock x={-46} y={-13} />}
          <text y={-3} x={lock ? 5 : 0}>{first}</text>
          <text y={11} class="second">{second}</text>
        </g>}
      </g>
    );
  }
}

class Node extends Component {
  shouldComponentUpdate(next) {
    return next.at !== this.props.at || next.node.label !== this.props.node.label;
  }

  render({ node, at }) {
    const shown = (
      <g class={'node ' + node.kind} transform={`translate(${at.x},${at.y})`}>
        <title>{node.full}</title>
        <rect x={-at.width / 2} y={-at.height / 2} width={at.width} height={at.height} rx={node.kind === 'workload' ? 8 : 22} />
        <text y={node.sub ? -3 : 4}>{node.label}</text>
        {node.sub && <text y={13} class="second">{node.sub}</text>}
      </g>
    );
    return node.end ? <a href={link('workloads', node.end.namespace, node.end.workload)}>{shown}</a> : shown;
  }
}

/** The part of the picture that is shown; all of it until somebody moves it. */
function useView(svg, placed) {
  const [view, setView] = useState(null);
  const [size, setSize] = useState({ width: 1000, height: 600 });
  useEffect(() => {
    const seen = new ResizeObserver(([entry]) => setSize({ width: entry.contentRect.width || 1, height: entry.contentRect.height || 1 }));
    seen.observe(svg.current);
    return () => seen.disconnect();
  }, []);
  // A small mesh is not blown up to the size of the window.
  const width = Math.max(placed.width + 40, size.width * 0.8);
  const height = Math.max(placed.height + 40, size.height * 0.8);
  const box = view || { x: (placed.width - width) / 2, y: (placed.height - height) / 2, width, height };
  const scale = Math.min(size.width / box.width, size.height / box.height);
  const zoom = (factor, px = box.x + box.width / 2, py = box.y + box.height / 2) =>
    setView({ x: px - (px - box.x) * factor, y: py - (py - box.y) * factor, width: box.width * factor, height: box.height * factor });
  return { box, scale, zoom, move: setView, fit: () => setView(null) };
}

function useMouse(svg, view) {
  const drag = useRef(null);
  const latest = useRef(view);
  latest.current = view;
  useEffect(() => {
    // Not passive, so that the page stays where it is.
    const wheel = (e) => {
      if (!e.ctrlKey && !e.metaKey && !e.shiftKey && !svg.current.contains(document.activeElement) && !drag.current) return;
      e.preventDefault();
      const { box, zoom } = latest.current;
      const area = svg.current.getBoundingClientRect();
      zoom(e.deltaY > 0 ? 1.15 : 1 / 1.15, box.x + ((e.clientX - area.left) / area.width) * box.width, box.y + ((e.clientY - area.top) / area.height) * box.height);
    };
    const element = svg.current;
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, []);
  const end = () => { drag.current = null; };
  return {
    onPointerUp: end,
    onPointerLeave: end,
    onPointerDown: (e) => { if (e.target === svg.current) drag.current = { x: view.box.x, y: view.box.y, px: e.clientX, py: e.clientY }; },
    onPointerMove: (e) => {
      if (drag.current) view.move({ ...view.box, x: drag.current.x - (e.clientX - drag.current.px) / view.scale, y: drag.current.y - (e.clientY - drag.current.py) / view.scale });
    },
  };
}

/** The broad lines that a pointer finds: of a large picture they come when it can be seen. */
function useHits(count) {
  const [there, setThere] = useState(count <= MANY_EDGES);
  useEffect(() => {
    if (there) return undefined;
    const idle = requestIdleCallback(() => setThere(true), { timeout: 1000 });
    return () => cancelIdleCallback(idle);
  }, []);
  return there;
}

function Picture({ edges, selected, onSelect, t }) {
  const { nodes, drawn } = nodesOf(edges, t);
  const shape = nodes.map((n) => n.key + n.label).sort().join() + '#' + drawn.map((d) => d.key).sort().join();
  const placed = useMemo(() => place(nodes, drawn), [shape]);
  const svg = useRef();
  const view = useView(svg, placed);
  const mouse = useMouse(svg, view);
  const hits = useHits(drawn.length);
  const [reached, setReached] = useState(null);
  const [pointed, setPointed] = useState(null);
  const { box } = view;
  const inside = ({ x, y }) => x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  const labels = drawn.length <= MANY_EDGES ? null
    : new Set(view.scale < READABLE ? [] : drawn.filter((d) => placed.paths.has(d.key) && inside(placed.paths.get(d.key))).slice(0, MOST_LABELS).map((d) => d.key));
  const stop = drawn.some((d) => d.key === reached) ? reached : drawn[0]?.key;
  const edgeOf = (e) => e.target.closest?.('[data-edge]')?.dataset.edge;
  const step = (e) => {
    const edge = edgeOf(e);
    if (edge && (e.key === 'Enter' || e.key === ' ')) { e.preventDefault(); onSelect(edge); return; }
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!by) return;
    e.preventDefault();
    const at = drawn.findIndex((d) => d.key === document.activeElement?.dataset?.edge);
    const next = drawn[(at + by + drawn.length) % drawn.length];
    setReached(next.key);
    svg.current.querySelector(`[data-edge="${CSS.escape(next.key)}"]`)?.focus();
  };
  const told = drawn.find((d) => d.key === (pointed || reached));
  return (
    <div class="picture">
      <svg ref={svg} viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`} role="group" aria-label={t('graph')} onKeyDown={step}
        onClick={(e) => { const edge = edgeOf(e); if (edge) { setReached(edge); onSelect(edge); } }}
        onFocusIn={(e) => setReached(edgeOf(e) || null)} onPointerOver={(e) => setPointed(edgeOf(e) || null)} {...mouse}>
        <defs>
          {['good', 'warn', 'bad'].map((kind) => (
            <marker key={kind} id={'arrow-' + kind} class={'arrow ' + kind} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0,0 L10,5 L0,10 z" />
            </marker>
          ))}
        </defs>
        {drawn.map(({ key, edge }) => {
          const path = placed.paths.get(key);
          if (!path) return null;
          const labelled = !labels || labels.has(key);
          const [first, second] = labelled ? words(edge, t) : ['', ''];
          return <EdgeLine key={key} id={key} path={path} kind={health(edge.numbers)} selected={selected === key} reached={stop === key} labelled={labelled}
            name={`${names(edge.id, t)} ${edge.mutualTls ? t('mutual') : t('plain')}`} first={first} second={second} lock={labelled && edge.mutualTls} hit={hits} />;
        })}
        {nodes.map((node) => placed.positions.has(node.key) && <Node key={node.key} node={node} at={placed.positions.get(node.key)} />)}
      </svg>
      <div class="bar under">
        <span><button type="button" onClick={() => view.zoom(1 / 1.4)} aria-label={t('zoomIn')} title={t('zoomIn')}>+</button> <button type="button" onClick={() => view.zoom(1.4)} aria-label={t('zoomOut')} title={t('zoomOut')}>−</button> <button type="button" onClick={view.fit}>{t('fit')}</button></span>
        <span class="soft grow">{told ? <><Text short={100}>{names(told.edge.id, t)}</Text>: {words(told.edge, t).join(' · ')}</> : t('keys')}</span>
        <span class="soft">{t('edgesNodes', nodes.length, drawn.length)}</span>
      </div>
    </div>
  );
}

export function EdgeTable({ edges, onSelect, t }) {
  const head = [[t('from')], [t('to')], [t('service')], [t('protocol')], [t('rate'), 'n'], [t('errors'), 'n'], [t('denied'), 'n'], [t('p50'), 'n'], [t('p95'), 'n'], [t('p99'), 'n'], [t('mtls')]];
  if (!edges.length) return <p class="soft">{t('noTraffic')}</p>;
  return (
    <Table head={head} rows={edges} t={t}>{(edge) => {
      const key = edgeKey(edge.id);
      return (
        <tr key={key} class={health(edge.numbers)} tabindex={onSelect ? 0 : undefined}
          onClick={() => onSelect?.(key)} onKeyDown={(e) => e.key === 'Enter' && onSelect?.(key)}>
          <td><Text short={40}>{endName(edge.id.source) || t('outside')}</Text></td><td><Text short={40}>{endName(edge.id.target) || '–'}</Text></td>
          <td><Text short={40}>{shortHost(edge.id.service)}</Text></td><td><Text short={12}>{edge.id.protocol}</Text></td>
          <td class="n">{edge.id.protocol === 'tcp' ? `${edge.numbers.opened} tcp` : rate(edge.numbers.rate)}</td><td class="n">{percent(edge.numbers.errors, edge.numbers.requests)}</td>
          <td class="n">{edge.numbers.denied || ''}</td><td class="n">{millis(edge.numbers.p50)}</td>
          <td class="n">{millis(edge.numbers.p95)}</td><td class="n">{millis(edge.numbers.p99)}</td>
          <td class={edge.mutualTls ? '' : 'warn'}>{edge.mutualTls ? t('mutual') : t('plain')}</td>
        </tr>);
    }}</Table>
  );
}

export function GraphPage({ t, theme }) {
  const [seconds, setSeconds] = useState(60);
  const [namespace, setNamespace] = useState('');
  const [text, setText] = useState('');
  const [selected, setSelected] = useState(null);
  const [table, setTable] = useState(false);
  const all = usePolled(`graph?seconds=${seconds}`, 1000);
  const edges = all.data?.edges || [];
  const namespaces = [...new Set(edges.flatMap((e) => [e.id.source.namespace, e.id.target.namespace]))].filter(Boolean).sort();
  const wanted = text.toLowerCase();
  const fits = (e) => (!namespace || e.id.source.namespace === namespace || e.id.target.namespace === namespace)
    && (!wanted || `${e.id.source.workload} ${e.id.target.workload} ${e.id.service}`.toLowerCase().includes(wanted));
  const shown = edges.filter(fits);
  const edge = shown.find((e) => edgeKey(e.id) === selected);
  const back = useRef(null);
  const select = (key) => { back.current = document.activeElement; setSelected(key); };
  const close = () => { setSelected(null); back.current?.focus?.(); };
  return (
    <section class={edge ? 'split' : ''} onKeyDown={(e) => e.key === 'Escape' && close()}>
      <div>
        <div class="bar">
          <label>{t('namespace')} <select value={namespace} onChange={(e) => setNamespace(e.target.value)}>
            <option value="">{t('all')}</option>{namespaces.map((n) => <option key={n} value={n}>{cut(n, 40)}</option>)}
          </select></label>
          <label>{t('window')} <select value={seconds} onChange={(e) => setSeconds(+e.target.value)}>
            <option value={10}>10 {t('seconds')}</option><option value={60}>60 {t('seconds')}</option>
            <option value={300}>5 {t('minutes')}</option><option value={600}>10 {t('minutes')}</option>
          </select></label>
          <label>{t('search')} <input value={text} onInput={(e) => setText(e.target.value)} /></label>
        </div>
        {shown.length ? <Picture edges={shown} selected={selected} onSelect={select} t={t} />
          : all.data ? <Empty title={t('noTraffic')}>{t('noTrafficDo')}</Empty> : !all.error && <p class="soft">{t('loading')}</p>}
        {shown.length > 0 && <details onToggle={(e) => setTable(e.target.open)}><summary>{t('asTable')}</summary>{table && <EdgeTable edges={shown} onSelect={select} t={t} />}</details>}
      </div>
      {edge && <EdgePanel key={selected} edge={edge} t={t} theme={theme} onClose={close} />}
    </section>
  );
}
