// One edge: its numbers from both sides, its plots, the route and the policies, the last denied requests.
import { useEffect, useState } from 'preact/hooks';
import { post, usePolled } from './api.js';
import { endName, percent, rate, millis, shortHost, time } from './format.js';
import { useNames } from './explain.jsx';
import { GoldenSignals } from './plot.jsx';
import { Reasons } from './reasons.jsx';

const query = (end) => encodeURIComponent([end.namespace, end.workload, end.version].filter((p, i) => i < 2 || p).join('/'));

function Side({ title, numbers, t }) {
  if (!numbers) return null;
  return (
    <tr><th scope="row">{title}</th><td class="n">{rate(numbers.rate)}</td><td class="n">{percent(numbers.errors, numbers.requests)}</td>
      <td class="n">{numbers.denied}</td><td class="n">{numbers.retries}</td><td class="n">{millis(numbers.p50)}</td><td class="n">{millis(numbers.p95)}</td><td class="n">{millis(numbers.p99)}</td></tr>
  );
}

export function Fates({ fates, t }) {
  if (!fates?.length) return <p class="empty">{t('none')}</p>;
  return (
    <ol class="fates">
      {fates.map(({ number, at, fate, decidedBy, edge }) => (
        <li key={number}>
          <span class="soft">{time(at)}</span> <b class={fate.status >= 500 || !fate.status ? 'bad' : 'warn'}>{fate.status || '–'}{fate.flags !== '-' ? ' ' + fate.flags : ''}</b>{' '}
          <code>{fate.method} {fate.path}</code> {edge.source.workload && <span class="soft">{edge.source.workload} → {edge.target.workload || shortHost(edge.service)}</span>}
          {decidedBy && <div class="decided">{decidedBy}</div>}
          {!decidedBy && fate.details && <div class="soft">{fate.details}</div>}
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

export function EdgePanel({ edge, t, theme, onClose }) {
  const { id } = edge;
  const source = id.source.workload ? query(id.source) : '';
  const target = id.target.workload ? query(id.target) : '';
  const points = usePolled(`traffic?seconds=300&source=${source}&target=${target}&service=${encodeURIComponent(id.service)}`, 5000);
  const fates = usePolled(`fates?limit=10&source=${source}&target=${target}`, 2000);
  const names = useNames();
  const [answer, setAnswer] = useState(null);
  const last = fates.data?.[0]?.fate;
  const port = portOf(names.services, id);
  useEffect(() => {
    if (!port) return;
    post('explain', {
      from: id.source.workload ? { namespace: id.source.namespace, workload: id.source.workload } : null,
      to: id.target.workload ? { namespace: id.target.namespace, workload: id.target.workload } : null,
      host: id.service, port, method: last?.method || 'GET', path: last?.path || '/',
    }).then((given) => setAnswer({ given, asked: `${last?.method || 'GET'} ${last?.path || '/'}` }), (failure) => setAnswer({ failure: failure.message }));
  }, [last?.method, last?.path, port]);
  return (
    <aside aria-label={t('why')}>
      <button class="close" onClick={onClose} aria-label={t('close')}>✕</button>
      <h2>{endName(id.source) || t('outside')} → {endName(id.target) || shortHost(id.service)}</h2>
      <p class="soft">{id.service} · {id.protocol} · <span class={edge.mutualTls ? 'good' : 'warn'}>{edge.mutualTls ? t('mutual') : t('plain')}</span>{edge.principal && <><br /><code>{edge.principal}</code></>}</p>
      <div class="scroll"><table>
        <thead><tr><th /><th class="n">{t('rate')}</th><th class="n">{t('errors')}</th><th class="n">{t('denied')}</th><th class="n">{t('retries')}</th><th class="n">p50</th><th class="n">p95</th><th class="n">p99</th></tr></thead>
        <tbody><Side title={t('seenFrom')} numbers={edge.seenBySource} t={t} /><Side title={t('seenTo')} numbers={edge.seenByTarget} t={t} /></tbody>
      </table></div>
      <p>{t('ends')}: {Object.entries(edge.numbers.ends).sort().map(([end, count]) => <span key={end} class="chip">{end} × {count}</span>)}</p>
      {points.data && <GoldenSignals points={points.data} t={t} theme={theme} />}
      <h3>{t('lastDenied')}</h3>
      <Fates fates={fates.data} t={t} />
      <h3>{t('why')}{answer?.asked && <code> {answer.asked}</code>}</h3>
      {answer?.failure && <p class="bad">{answer.failure}</p>}
      {answer?.given && <Reasons explanation={answer.given.explanation} t={t} />}
    </aside>
  );
}
