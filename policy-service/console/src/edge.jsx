// One edge: its numbers from both sides, its plots, certificates and ejections, the route and the policies, the last denied requests.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post, usePolled } from './api.js';
import { endName, percent, rate, millis, shortHost, time, link } from './format.js';
import { useNames } from './explain.jsx';
import { GoldenSignals } from './plot.jsx';
import { Reasons } from './reasons.jsx';
import { Endpoints } from './services.jsx';
import { Origin, Remaining, Text } from './parts.jsx';

const query = (end) => encodeURIComponent([end.namespace, end.workload, end.version].filter((p, i) => i < 2 || p).join('/'));

function Side({ title, numbers }) {
  if (!numbers) return null;
  return (
    <tr><th scope="row">{title}</th><td class="n">{rate(numbers.rate)}</td><td class="n">{percent(numbers.errors, numbers.requests)}</td>
      <td class="n">{numbers.denied}</td><td class="n">{numbers.retries}</td><td class="n">{millis(numbers.p50)}</td><td class="n">{millis(numbers.p95)}</td><td class="n">{millis(numbers.p99)}</td></tr>
  );
}

export function Fates({ fates, t }) {
  if (!fates?.length) return <p class="soft">{t('none')}</p>;
  return (
    <ol class="fates">
      {fates.map(({ number, at, fate, decidedBy, edge }) => (
        <li key={number}>
          <span class="soft">{time(at)}</span> <b class={fate.status >= 500 || !fate.status ? 'bad' : 'warn'}>{fate.status || '–'}{fate.flags !== '-' ? ' ' + fate.flags : ''}</b>{' '}
          <code><Text short={200}>{`${fate.method} ${fate.path}`}</Text></code> {edge.source.workload && <span class="soft"><Text short={40}>{edge.source.workload}</Text> → <Text short={40}>{edge.target.workload || shortHost(edge.service)}</Text></span>}
          {decidedBy && <div class="decided"><Origin origin={decidedBy} /></div>}
          {!decidedBy && fate.details && <div class="soft"><Text short={160}>{fate.details}</Text></div>}
        </li>
      ))}
    </ol>
  );
}

/** A service with several ports: the one that speaks the edge's protocol. */
function portOf(services, id) {
  const ports = services.filter((s) => s.host === id.service);
  const fits = ports.find((s) => s.protocol.toLowerCase().startsWith(id.protocol));
  return (fits || ports[0])?.port || (services.length ? 80 : 0);
}

function Certificates({ edge, workloads, t }) {
  const { source, target } = edge.id;
  const of = (end) => (workloads || []).filter((w) => w.namespace === end.namespace && w.workload === end.workload && w.certificate);
  const rows = [...of(source).map((w) => [t('caller'), w]), ...of(target).map((w) => [t('callee'), w])];
  return (
    <>
      <h3>{t('certificates')}</h3>
      {edge.principal && <p><code><Text>{edge.principal}</Text></code></p>}
      {rows.length === 0 ? <p class="soft">{t('none')}</p> : (
        <div class="scroll"><table><tbody>{rows.map(([side, w]) => (
          <tr key={side + w.instance}><th scope="row">{side}</th><td><a href={link('workloads', w.namespace, w.workload)}><Text short={40}>{w.instance}</Text></a></td><td><code><Text short={60}>{w.identity}</Text></code></td><td class="n"><Remaining until={w.certificate.notAfter} t={t} /></td></tr>))}</tbody></table></div>)}
    </>
  );
}

export function EdgePanel({ edge, t, theme, onClose }) {
  const { id } = edge;
  const source = id.source.workload ? query(id.source) : '';
  const target = id.target.workload ? query(id.target) : '';
  const points = usePolled(`traffic?seconds=300&source=${source}&target=${target}&service=${encodeURIComponent(id.service)}`, 5000);
  const fates = usePolled(`fates?limit=10&source=${source}&target=${target}&service=${encodeURIComponent(id.service)}`, 2000);
  const workloads = usePolled('workloads', 5000);
  const services = usePolled('services', 5000);
  const names = useNames();
  const [answer, setAnswer] = useState(null);
  const panel = useRef();
  const last = fates.data?.[0]?.fate;
  const port = portOf(names.services, id);
  useEffect(() => { panel.current?.focus(); }, []);
  useEffect(() => {
    if (!port) return;
    post('explain', {
      from: id.source.workload ? { namespace: id.source.namespace, workload: id.source.workload } : null,
      to: id.target.workload ? { namespace: id.target.namespace, workload: id.target.workload } : null,
      host: id.service, port, method: last?.method || 'GET', path: last?.path || '/',
    }).then((given) => setAnswer({ given, asked: `${last?.method || 'GET'} ${last?.path || '/'}` }), (failure) => setAnswer({ failure: failure.message }));
  }, [last?.method, last?.path, port]);
  const here = (services.data || []).find((s) => s.host === id.service);
  return (
    <aside aria-label={t('why')} ref={panel} tabindex={-1}>
      <button type="button" class="close" onClick={onClose} aria-label={t('close')}>✕</button>
      <h2><Text short={60}>{endName(id.source) || t('outside')}</Text> → <Text short={60}>{endName(id.target) || shortHost(id.service)}</Text></h2>
      <p class="soft"><a href={link('services', id.service)}><Text short={80}>{id.service}</Text></a> · <Text short={12}>{id.protocol}</Text> · <span class={edge.mutualTls ? 'good' : 'warn'}>{edge.mutualTls ? t('mutual') : t('plain')}</span></p>
      <div class="scroll"><table>
        <thead><tr><td /><th class="n">{t('rate')}</th><th class="n">{t('errors')}</th><th class="n">{t('denied')}</th><th class="n">{t('retries')}</th><th class="n">{t('p50')}</th><th class="n">{t('p95')}</th><th class="n">{t('p99')}</th></tr></thead>
        <tbody><Side title={t('seenFrom')} numbers={edge.seenBySource} /><Side title={t('seenTo')} numbers={edge.seenByTarget} /></tbody>
      </table></div>
      <p>{t('ends')}: {Object.entries(edge.numbers.ends).sort().map(([end, count]) => <span key={end} class="chip"><Text short={30}>{end}</Text> × {count}</span>)}</p>
      <h3>{t('lastDenied')}</h3>
      <Fates fates={fates.data} t={t} />
      <h3>{t('reason')}{answer?.asked && <> <code><Text short={120}>{answer.asked}</Text></code></>}</h3>
      {answer?.failure && <p class="bad"><Text>{answer.failure}</Text></p>}
      {answer?.given && <Reasons explanation={answer.given.explanation} t={t} />}
      {points.data && <GoldenSignals points={points.data} t={t} theme={theme} />}
      <Certificates edge={edge} workloads={workloads.data} t={t} />
      {here && <><h3>{t('endpointsOf')}</h3><Endpoints service={here} t={t} of={id.target.workload} /></>}
    </aside>
  );
}
