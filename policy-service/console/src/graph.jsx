// Who calls whom, live: the picture, the same as a table, and the reason behind an edge.
import { useMemo, useRef, useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { curve, nodesOf, place } from './layout.js';
import { endName, edgeKey, millis, percent, rate, shortHost } from './format.js';
import { EdgePanel } from './edge.jsx';

export function health(numbers) {
  const share = numbers.requests ? numbers.errors / numbers.requests : 0;
  if (share >= 0.05) return 'bad';
  if (share > 0 || numbers.denied > 0) return 'warn';
  return 'good';
}

/** A padlock, drawn: not every machine has a font with one. */
function Lock({ x, y }) {
  return <path class="lock" transform={`translate(${x},${y})`} d="M2 6V4a3 3 0 0 1 6 0v2h1v6H1V6zM3.5 6h3V4a1.5 1.5 0 0 0-3 0z" />;
}

function EdgeLine({ each, path, selected, onSelect, t }) {
  const { numbers, mutualTls } = each.edge;
  const name = `${endName(each.edge.id.source) || t('outside')} → ${endName(each.edge.id.target) || shortHost(each.edge.id.service)}`;
  const label = each.edge.id.protocol === 'tcp'
    ? `${numbers.opened} tcp`
    : `${rate(numbers.rate)}/s ${numbers.errors ? percent(numbers.errors, numbers.requests) : ''}`;
  const second = numbers.denied ? `${numbers.denied} ${t('denied').toLowerCase()}` : numbers.p95 ? `${millis(numbers.p95)} ms` : '';
  const line = curve(path.points);
  return (
    <g class={`edge ${health(numbers)} ${selected ? 'selected' : ''}`} role="button" tabindex={0} data-edge={each.key}
      aria-label={`${name}: ${label} ${second} ${mutualTls ? t('mutual') : t('plain')}`}
      onClick={() => onSelect(each.key)}
      onKeyDown={(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); onSelect(each.key); } }}>
      <path class="hit" d={line} />
      <path class="line" d={line} marker-end={`url(#arrow-${health(numbers)})`} />
      <g transform={`translate(${path.x},${path.y})`}>
        <rect x={-48} y={-17} width={96} height={34} rx={6} />
        {mutualTls && <Lock x={-46} y={-13} />}
        <text y={-3} x={mutualTls ? 5 : 0}>{label}</text>
        <text y={11} class="second">{second}</text>
      </g>
    </g>
  );
}

function Picture({ edges, selected, onSelect, t }) {
  const { nodes, drawn } = nodesOf(edges, t);
  const shape = nodes.map((n) => n.key).sort().join() + '#' + drawn.map((d) => d.key).sort().join();
  const placed = useMemo(() => place(nodes, drawn), [shape]);
  const svg = useRef();
  const [view, setView] = useState(null);
  const box = view || { x: -20, y: -20, width: placed.width + 40, height: placed.height + 40 };
  const drag = useRef(null);
  const zoom = (e) => {
    e.preventDefault();
    const factor = e.deltaY > 0 ? 1.15 : 1 / 1.15;
    const area = svg.current.getBoundingClientRect();
    const px = box.x + ((e.clientX - area.left) / area.width) * box.width;
    const py = box.y + ((e.clientY - area.top) / area.height) * box.height;
    setView({ x: px - (px - box.x) * factor, y: py - (py - box.y) * factor, width: box.width * factor, height: box.height * factor });
  };
  const move = (e) => {
    if (!drag.current) return;
    const area = svg.current.getBoundingClientRect();
    const scale = Math.max(box.width / area.width, box.height / area.height);
    setView({ ...box, x: drag.current.x - (e.clientX - drag.current.px) * scale, y: drag.current.y - (e.clientY - drag.current.py) * scale });
  };
  const step = (e) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[e.key];
    if (!by) return;
    e.preventDefault();
    const all = [...svg.current.querySelectorAll('[data-edge]')];
    const at = all.indexOf(document.activeElement);
    all[(at + by + all.length) % all.length]?.focus();
  };
  return (
    <div class="picture">
      <svg ref={svg} viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`} role="group" aria-label={t('graph')} onKeyDown={step}
        onWheel={zoom} onPointerMove={move} onPointerUp={() => { drag.current = null; }} onPointerLeave={() => { drag.current = null; }}
        onPointerDown={(e) => { if (e.target === svg.current) drag.current = { x: box.x, y: box.y, px: e.clientX, py: e.clientY }; }}>
        <defs>
          {['good', 'warn', 'bad'].map((kind) => (
            <marker key={kind} id={'arrow-' + kind} class={'arrow ' + kind} viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto-start-reverse">
              <path d="M0,0 L10,5 L0,10 z" />
            </marker>
          ))}
        </defs>
        {drawn.map((each) => placed.paths.has(each.key) && (
          <EdgeLine key={each.key} each={each} path={placed.paths.get(each.key)} selected={selected === each.key} onSelect={onSelect} t={t} />
        ))}
        {nodes.map((node) => {
          const at = placed.positions.get(node.key);
          if (!at) return null;
          const shown = (
            <g class={'node ' + node.kind} transform={`translate(${at.x},${at.y})`}>
              <rect x={-at.width / 2} y={-at.height / 2} width={at.width} height={at.height} rx={node.kind === 'workload' ? 8 : 22} />
              <text y={node.sub ? -3 : 4}>{node.label}</text>
              {node.sub && <text y={13} class="second">{node.sub}</text>}
            </g>
          );
          return node.end
            ? <a key={node.key} href={`#/workloads/${node.end.namespace}/${node.end.workload}`}>{shown}</a>
            : <g key={node.key}>{shown}</g>;
        })}
      </svg>
      <p class="hint"><button onClick={() => setView(null)}>{t('fit')}</button> {t('keys')}</p>
    </div>
  );
}

export function EdgeTable({ edges, onSelect, t }) {
  return (
    <div class="scroll">
      <table>
        <thead><tr>
          <th>{t('from')}</th><th>{t('to')}</th><th>{t('service')}</th><th>{t('protocol')}</th><th class="n">{t('rate')}</th>
          <th class="n">{t('errors')}</th><th class="n">{t('denied')}</th><th class="n">{t('p50')} ms</th><th class="n">{t('p95')} ms</th><th class="n">{t('p99')} ms</th><th>{t('mtls')}</th>
        </tr></thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={edgeKey(edge.id)} class={health(edge.numbers)} tabindex={onSelect ? 0 : undefined}
              onClick={() => onSelect?.(edgeKey(edge.id))} onKeyDown={(e) => e.key === 'Enter' && onSelect?.(edgeKey(edge.id))}>
              <td>{endName(edge.id.source) || t('outside')}</td><td>{endName(edge.id.target) || '–'}</td>
              <td>{shortHost(edge.id.service)}</td><td>{edge.id.protocol}</td>
              <td class="n">{rate(edge.numbers.rate)}</td><td class="n">{percent(edge.numbers.errors, edge.numbers.requests)}</td>
              <td class="n">{edge.numbers.denied || ''}</td><td class="n">{millis(edge.numbers.p50)}</td>
              <td class="n">{millis(edge.numbers.p95)}</td><td class="n">{millis(edge.numbers.p99)}</td>
              <td class={edge.mutualTls ? '' : 'warn'}>{edge.mutualTls ? t('mutual') : t('plain')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function GraphPage({ t, theme }) {
  const [seconds, setSeconds] = useState(60);
  const [namespace, setNamespace] = useState('');
  const [selected, setSelected] = useState(null);
  const all = usePolled(`graph?seconds=${seconds}`, 1000);
  const edges = all.data?.edges || [];
  const namespaces = [...new Set(edges.flatMap((e) => [e.id.source.namespace, e.id.target.namespace]))].filter(Boolean).sort();
  const shown = namespace ? edges.filter((e) => e.id.source.namespace === namespace || e.id.target.namespace === namespace) : edges;
  const edge = shown.find((e) => edgeKey(e.id) === selected);
  return (
    <section class={edge ? 'split' : ''} onKeyDown={(e) => e.key === 'Escape' && setSelected(null)}>
      <div>
        <div class="bar">
          <label>{t('namespace')} <select value={namespace} onChange={(e) => setNamespace(e.target.value)}>
            <option value="">{t('all')}</option>{namespaces.map((n) => <option key={n}>{n}</option>)}
          </select></label>
          <label>{t('window')} <select value={seconds} onChange={(e) => setSeconds(+e.target.value)}>
            <option value={10}>10 {t('seconds')}</option><option value={60}>60 {t('seconds')}</option>
            <option value={300}>5 {t('minutes')}</option><option value={600}>10 {t('minutes')}</option>
          </select></label>
          {all.error && <span class="bad">{all.error}</span>}
        </div>
        {shown.length ? <Picture edges={shown} selected={selected} onSelect={setSelected} t={t} />
          : <p class="empty">{all.data ? t('noTraffic') : '…'}</p>}
        {shown.length > 0 && <details><summary>{t('asTable')}</summary><EdgeTable edges={shown} onSelect={setSelected} t={t} /></details>}
      </div>
      {edge && <EdgePanel key={selected} edge={edge} t={t} theme={theme} onClose={() => setSelected(null)} />}
    </section>
  );
}
