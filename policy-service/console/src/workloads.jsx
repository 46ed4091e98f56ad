// Sidecars and gateways, what they shall have and what they have; one workload with its golden signals.
import { useState } from 'preact/hooks';
import { useOnce, usePolled } from './api.js';
import { EdgeTable } from './graph.jsx';
import { Fates } from './edge.jsx';
import { GoldenSignals } from './plot.jsx';
import { Reason } from './services.jsx';
import { Empty, Remaining, Table, Text } from './parts.jsx';
import { link, moment } from './format.js';

export function state(workload, t) {
  if (workload.refusal) return ['bad', `${t('refused')}: ${workload.refusal.reason}`];
  if (!workload.connected) return ['warn', t('notConnected')];
  if (workload.draining) return ['warn', t('draining')];
  if (!workload.inSync) return ['warn', t('onItsWay')];
  return workload.ready ? ['good', t('inSync')] : ['warn', t('notReady')];
}

function Revision({ revision, commit }) {
  return <code>{revision || '–'}{commit && <> <a href={link('history', commit)}>{commit.slice(0, 8)}</a></>}</code>;
}

function Instances({ workloads, t }) {
  return (
    <Table t={t} rows={workloads} head={[[t('instance')], [t('workload')], [t('identity')], [t('state')], [t('wanted')], [t('acknowledged')], [t('resources'), 'n'], [t('certificate'), 'n']]}>{(w) => {
      const [kind, text] = state(w, t);
      return (
        <tr key={w.namespace + '/' + w.instance}>
          <td><Text short={50}>{w.instance}</Text></td>
          <td><a href={link('workloads', w.namespace, w.workload)}><Text short={60}>{`${w.namespace}/${w.workload}`}</Text></a>{w.gateway && <span class="chip">{t('gateway')}</span>}</td>
          <td><code><Text short={70}>{w.identity}</Text></code></td><td class={kind}><Text short={160}>{text}</Text></td>
          <td><Revision revision={w.wantedRevision} commit={w.wantedCommit} /></td><td class={w.inSync ? '' : 'warn'}><Revision revision={w.acknowledgedRevision} commit={w.acknowledgedCommit} /></td>
          <td class="n">{w.resources}</td><td class="n">{w.certificate ? <Remaining until={w.certificate.notAfter} t={t} /> : '–'}</td>
        </tr>);
    }}</Table>
  );
}

function Certificates({ workloads, t }) {
  return (
    <>
      <h3>{t('certificates')}</h3>
      <Table t={t} rows={workloads.filter((w) => w.certificate)} head={[[t('instance')], [t('identity')], [t('serial')], [t('validFrom')], [t('validUntil')], [t('certificate'), 'n']]}>{(w) => (
        <tr key={w.instance}><td><Text short={50}>{w.instance}</Text></td><td><code><Text>{w.identity}</Text></code></td><td><code><Text short={40}>{w.certificate.serial}</Text></code></td>
          <td>{moment(w.certificate.notBefore)}</td><td>{moment(w.certificate.notAfter)}</td><td class="n"><Remaining until={w.certificate.notAfter} t={t} /></td></tr>)}</Table>
    </>
  );
}

function LeftOut({ workloads, t }) {
  const rows = workloads.flatMap((w) => w.leftOut.map((each) => ({ w, each })));
  if (!rows.length) return null;
  return (
    <>
      <h3>{t('leavesOut')}</h3>
      <Table t={t} rows={rows} head={[[t('instance')], [t('service')], [t('endpoints')], [t('state')], [t('why')]]}>{({ w, each }) => (
        <tr key={w.instance + each.host + each.port + each.subset + each.endpoint}>
          <td><Text short={50}>{w.instance}</Text></td><td><a href={link('services', each.host)}><Text short={60}>{each.host}</Text></a>:{each.port} <Text short={30}>{each.subset}</Text></td>
          <td><Text short={50}>{each.endpoint}</Text></td><td class="bad">{t(each.sick ? 'state-sick' : 'state-ejected')}{each.ejections > 1 && ` (${t('ejectedTimes', each.ejections)})`}</td><td><Reason why={each.why} /></td>
        </tr>)}</Table>
    </>
  );
}

/** Resource by resource, each with its text when it is opened. */
function Configuration({ namespace, name, t }) {
  const [open, setOpen] = useState(false);
  const found = useOnce(open ? `config/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}` : '');
  return (
    <details onToggle={(e) => setOpen(e.currentTarget.open)}>
      <summary>{t('configuration')}</summary>
      {found.error && <p class="bad"><Text>{found.error}</Text></p>}
      {open && !found.data && !found.error && <p class="soft">{t('loading')}</p>}
      {Object.entries(found.data || {}).map(([instance, resources]) => (
        <div key={instance}><h4><Text>{instance}</Text></h4>
          {Object.entries(resources).map(([key, resource]) => <Resource key={key} name={key} resource={resource} />)}
        </div>))}
    </details>
  );
}

function Resource({ name, resource }) {
  const [open, setOpen] = useState(false);
  return <details class="inner" onToggle={(e) => { e.stopPropagation(); setOpen(e.currentTarget.open); }}><summary><code><Text short={120}>{name}</Text></code></summary>{open && <pre class="yaml">{JSON.stringify(resource, null, 2)}</pre>}</details>;
}

function Workload({ namespace, name, all, t, theme }) {
  const me = encodeURIComponent(`${namespace}/${name}`);
  const incoming = usePolled(`traffic?seconds=600&target=${me}`, 5000);
  const graph = usePolled(`graph?seconds=60&namespace=${encodeURIComponent(namespace)}`, 2000);
  const fates = usePolled(`fates?limit=20&target=${me}`, 2000);
  const edges = graph.data?.edges || [];
  const is = (end) => end.namespace === namespace && end.workload === name;
  const mine = (all || []).filter((w) => w.namespace === namespace && w.workload === name);
  return (
    <section>
      <h2><Text>{`${namespace}/${name}`}</Text></h2>
      {incoming.data && <GoldenSignals points={incoming.data} t={t} theme={theme} />}
      <h3>{t('instance')}</h3>{mine.length ? <Instances workloads={mine} t={t} /> : all && <p class="soft">{t('noLongerThere')}</p>}
      {mine.length > 0 && <Certificates workloads={mine} t={t} />}
      <LeftOut workloads={mine} t={t} />
      <h3>{t('incoming')}</h3><EdgeTable edges={edges.filter((e) => is(e.id.target))} t={t} />
      <h3>{t('outgoing')}</h3><EdgeTable edges={edges.filter((e) => is(e.id.source))} t={t} />
      <h3>{t('lastDenied')}</h3><Fates fates={fates.data} t={t} />
      {mine.length > 0 && <Configuration namespace={namespace} name={name} t={t} />}
    </section>
  );
}

export function WorkloadsPage({ t, rest, status, theme }) {
  const workloads = usePolled('workloads', 2000);
  const [text, setText] = useState('');
  if (rest.length >= 2) return <Workload key={rest.join('/')} namespace={rest[0]} name={rest[1]} all={workloads.data} t={t} theme={theme} />;
  const all = workloads.data || [];
  return (
    <section>
      <h2>{t('workloads')}</h2>
      {status && <p class="facts">
        <span>{t('sidecars')}: <b>{status.inSync}/{status.connected}</b></span>
        <span>{t('authority')}: <b>{moment(status.authority.expiresAt)}</b></span>
        <span>{t('source')}: <Text short={90}>{status.source.description}</Text> {status.source.error && <b class="bad"><Text short={200}>{status.source.error}</Text></b>}</span>
        {status.keySets.map((k) => <span key={k.uri} class={k.error ? 'bad' : ''}><Text short={90}>{k.uri}</Text> <Text short={200}>{k.error || '✓'}</Text></span>)}
      </p>}
      <div class="bar"><label>{t('search')} <input value={text} onInput={(e) => setText(e.target.value)} /></label></div>
      {!workloads.data ? !workloads.error && <p class="soft">{t('loading')}</p> : !all.length ? <Empty title={t('none')}>{t('noWorkloads')}</Empty>
        : <Instances workloads={all.filter((w) => `${w.namespace}/${w.instance} ${w.workload} ${w.identity}`.toLowerCase().includes(text.toLowerCase()))} t={t} />}
    </section>
  );
}
