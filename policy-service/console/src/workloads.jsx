// Sidecars and gateways, what they shall have and what they have; one workload with its golden signals.
import { useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { EdgeTable } from './graph.jsx';
import { Fates } from './edge.jsx';
import { GoldenSignals } from './plot.jsx';

export function state(workload, t) {
  if (workload.refusal) return ['bad', `${t('refused')}: ${workload.refusal.reason}`];
  if (!workload.connected) return ['warn', t('notConnected')];
  if (!workload.inSync) return ['warn', t('onItsWay')];
  return workload.ready ? ['good', t('inSync')] : ['warn', t('notReady')];
}

function Instances({ workloads, t }) {
  return (
    <div class="scroll"><table>
      <thead><tr><th>{t('instance')}</th><th>{t('workload')}</th><th>{t('identity')}</th><th>{t('state')}</th><th>{t('wanted')}</th><th>{t('acknowledged')}</th><th class="n">{t('resources')}</th></tr></thead>
      <tbody>{workloads.map((w) => {
        const [kind, text] = state(w, t);
        return (
          <tr key={w.namespace + '/' + w.instance}>
            <td>{w.instance}</td><td><a href={`#/workloads/${w.namespace}/${w.workload}`}>{w.namespace}/{w.workload}</a>{w.gateway ? ' ⇥' : ''}</td>
            <td><code>{w.identity}</code></td><td class={kind}>{text}</td>
            <td><code>{w.wantedRevision} {w.wantedCommit.slice(0, 8)}</code></td><td><code>{w.acknowledgedRevision} {w.acknowledgedCommit.slice(0, 8)}</code></td><td class="n">{w.resources}</td>
          </tr>);
      })}</tbody>
    </table></div>
  );
}

function Services({ t }) {
  const services = usePolled('services', 5000);
  return (
    <><h2>{t('services')}</h2><div class="scroll"><table>
      <thead><tr><th>{t('service')}</th><th class="n">{t('port')}</th><th>{t('protocol')}</th><th class="n">{t('endpoints')}</th><th>{t('declaredBy')}</th></tr></thead>
      <tbody>{(services.data || []).flatMap((s) => s.ports.map((p) => (
        <tr key={s.host + p.port}><td>{s.host}</td><td class="n">{p.port}</td><td>{p.protocol}</td><td class={'n ' + (p.endpoints.length ? '' : 'warn')}>{p.endpoints.length}</td><td><code>{s.origin}</code></td></tr>)))}</tbody>
    </table></div></>
  );
}

function Workload({ namespace, name, all, t, theme }) {
  const me = encodeURIComponent(`${namespace}/${name}`);
  const incoming = usePolled(`traffic?seconds=600&target=${me}`, 5000);
  const graph = usePolled(`graph?seconds=60&namespace=${encodeURIComponent(namespace)}`, 2000);
  const fates = usePolled(`fates?limit=20&target=${me}`, 2000);
  const edges = graph.data?.edges || [];
  const is = (end) => end.namespace === namespace && end.workload === name;
  return (
    <section>
      <h2>{namespace}/{name}</h2>
      {incoming.data && <GoldenSignals points={incoming.data} t={t} theme={theme} />}
      <h3>{t('incoming')}</h3><EdgeTable edges={edges.filter((e) => is(e.id.target))} t={t} />
      <h3>{t('outgoing')}</h3><EdgeTable edges={edges.filter((e) => is(e.id.source))} t={t} />
      <h3>{t('lastDenied')}</h3><Fates fates={fates.data} t={t} />
      <h3>{t('instance')}</h3><Instances workloads={all.filter((w) => w.namespace === namespace && w.workload === name)} t={t} />
      <p><a href={`api/v1/config/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`}>/api/v1/config/{namespace}/{name}</a></p>
    </section>
  );
}

export function WorkloadsPage({ t, rest, status, theme }) {
  const workloads = usePolled('workloads', 2000);
  const [text, setText] = useState('');
  const all = workloads.data || [];
  if (rest.length >= 2) return <Workload key={rest.join('/')} namespace={rest[0]} name={rest[1]} all={all} t={t} theme={theme} />;
  return (
    <section>
      {status && <p class="facts">
        <span>{t('sidecars')}: <b>{status.inSync}/{status.connected}</b></span>
        <span>{t('authority')}: <b>{new Date(status.authority.expiresAt).toLocaleDateString()}</b></span>
        <span>{t('source')}: {status.source.description} {status.source.error && <b class="bad">{status.source.error}</b>}</span>
        {status.keySets.map((k) => <span key={k.uri} class={k.error ? 'bad' : ''}>{k.uri} {k.error || '✓'}</span>)}
      </p>}
      <h2>{t('workloads')}</h2>
      <div class="bar"><label>{t('search')} <input value={text} onInput={(e) => setText(e.target.value)} /></label>{workloads.error && <span class="bad">{workloads.error}</span>}</div>
      <Instances workloads={all.filter((w) => `${w.namespace}/${w.instance} ${w.workload}`.includes(text))} t={t} />
      <Services t={t} />
    </section>
  );
}
