// Services: what stands behind each port and how it is; one service with its golden signals.
import { useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { EdgeTable, health } from './graph.jsx';
import { Fates } from './edge.jsx';
import { GoldenSignals } from './plot.jsx';
import { Empty, Origin, Table, Text } from './parts.jsx';
import { link, millis, percent, rate } from './format.js';

const KIND = { healthy: 'good', ejected: 'bad', sick: 'bad', draining: 'warn', 'not ready': 'warn' };

/** Endpoints port by port, each with who leaves it out and why. */
export function Endpoints({ service, of = '', t }) {
  const rows = service.ports.flatMap((port) => port.endpoints.filter((e) => !of || e.workload === of).map((endpoint) => ({ port, endpoint })));
  if (!rows.length) return <p class="warn">{t('noEndpoints')}</p>;
  return (
    <Table head={[[t('instance')], [t('workload')], [t('port'), 'n'], [t('address')], [t('state')], [t('why')]]} rows={rows} t={t}>{({ port, endpoint }) => (
      <tr key={port.port + endpoint.id}>
        <td><Text short={50}>{endpoint.id}</Text></td>
        <td><a href={link('workloads', endpoint.namespace, endpoint.workload)}><Text short={40}>{endpoint.workload}</Text></a> <span class="soft"><Text short={30}>{endpoint.labels.version}</Text></span></td>
        <td class="n">{port.port}</td><td><code><Text short={60}>{`${endpoint.address}:${endpoint.port}`}</Text></code></td>
        <td class={KIND[endpoint.state]}>{t('state-' + endpoint.state)}</td>
        <td>{endpoint.seen.map((s) => <div key={s.by + s.subset}>{t('ejectedBy', s.by)}{s.ejections > 1 && ` (${t('ejectedTimes', s.ejections)})`}: <Reason why={s.why} /></div>)}</td>
      </tr>)}</Table>
  );
}

/** `rule, Kind namespace/name file:line` */
export function Reason({ why }) {
  const comma = why.indexOf(', ');
  return comma < 0 ? <Text short={120}>{why}</Text> : <><Text short={80}>{why.slice(0, comma)}</Text>, <Origin origin={why.slice(comma + 2)} /></>;
}

function sums(edges) {
  const found = new Map();
  for (const { id, numbers } of edges) {
    const sum = found.get(id.service) || { rate: 0, requests: 0, errors: 0, denied: 0, p95: 0 };
    found.set(id.service, { rate: sum.rate + numbers.rate, requests: sum.requests + numbers.requests, errors: sum.errors + numbers.errors, denied: sum.denied + numbers.denied, p95: Math.max(sum.p95, numbers.p95) });
  }
  return found;
}

function Service({ host, services, t, theme }) {
  const named = encodeURIComponent(host);
  const points = usePolled(`traffic?seconds=600&service=${named}`, 5000);
  const graph = usePolled('graph?seconds=60', 2000);
  const fates = usePolled(`fates?limit=20&service=${named}`, 2000);
  const service = services.find((s) => s.host === host);
  const edges = (graph.data?.edges || []).filter((e) => e.id.service === host);
  return (
    <section>
      <h2><Text>{host}</Text></h2>
      {service && <p class="soft">{t('declaredBy')}: <Origin origin={service.origin} />{service.external && ` · ${t('external')}`}</p>}
      {points.data && <GoldenSignals points={points.data} t={t} theme={theme} />}
      <h3>{t('endpoints')}</h3>
      {service ? <Endpoints service={service} t={t} /> : <p class="soft">{t('unknown')}</p>}
      <h3>{t('incoming')}</h3><EdgeTable edges={edges} t={t} />
      <h3>{t('lastDenied')}</h3><Fates fates={fates.data} t={t} />
    </section>
  );
}

export function ServicesPage({ t, rest, theme }) {
  const services = usePolled('services', 3000);
  const graph = usePolled('graph?seconds=60', 2000);
  const [text, setText] = useState('');
  if (rest.length) return <Service key={rest[0]} host={rest[0]} services={services.data || []} t={t} theme={theme} />;
  const load = sums(graph.data?.edges || []);
  const all = (services.data || []).filter((s) => s.host.toLowerCase().includes(text.toLowerCase()));
  const bad = (s) => s.ports.reduce((sum, p) => sum + p.endpoints.filter((e) => e.state !== 'healthy').length, 0);
  const count = (s) => new Set(s.ports.flatMap((p) => p.endpoints.map((e) => e.id))).size;
  return (
    <section>
      <h2>{t('services')}</h2>
      <div class="bar"><label>{t('search')} <input value={text} onInput={(e) => setText(e.target.value)} /></label></div>
      {!services.data ? !services.error && <p class="soft">{t('loading')}</p> : !services.data.length ? <Empty title={t('none')}>{t('noServices')}</Empty> : (
        <Table t={t} rows={all} head={[[t('service')], [t('port')], [t('rate'), 'n'], [t('errors'), 'n'], [t('denied'), 'n'], [t('p95'), 'n'], [t('endpoints'), 'n'], [t('state')], [t('declaredBy')]]}>{(s) => {
          const n = load.get(s.host);
          return (
            <tr key={s.host}>
              <td><a href={link('services', s.host)}><Text short={70}>{s.host}</Text></a></td>
              <td>{s.ports.map((p) => <div key={p.port}>{p.port} <span class="soft">{p.protocol}</span></div>)}</td>
              <td class="n">{n ? rate(n.rate) : '–'}</td><td class={'n ' + (n ? health(n) : '')}>{n ? percent(n.errors, n.requests) : '–'}</td><td class="n">{n?.denied || ''}</td><td class="n">{n ? millis(n.p95) : '–'}</td>
              <td class="n">{count(s)}</td>
              <td>{count(s) === 0 ? <span class={s.external ? 'soft' : 'warn'}>{s.external ? t('external') : t('none')}</span> : bad(s) ? states(s, t) : <span class="good">{t('state-healthy')}</span>}</td>
              <td><Origin origin={s.origin} /></td>
            </tr>);
        }}</Table>)}
    </section>
  );
}

function states(service, t) {
  const counted = new Map();
  for (const e of service.ports.flatMap((p) => p.endpoints)) counted.set(e.state, (counted.get(e.state) || 0) + 1);
  return [...counted].map(([state, n]) => <div key={state} class={KIND[state]}>{n} {t('state-' + state)}</div>);
}
