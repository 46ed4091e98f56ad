// Shift weights: what would change, what it would do, and the file to commit. Nothing is written from here: Git is the way in.
import { useEffect, useState } from 'preact/hooks';
import { get, post, usePolled } from './api.js';
import { rate, percent, originText } from './format.js';
import { useNames } from './explain.jsx';
import { Plot } from './plot.jsx';

/** The lines of the file in which the weights of these destinations stand, by destination. */
export function weightLines(lines, destinations) {
  const found = new Map();
  for (const d of destinations) {
    for (let i = Math.max(0, d.origin.line - 1); i < Math.min(lines.length, d.origin.line + 9); i++) {
      if (/\bweight:\s*\d+/.test(lines[i]) && ![...found.values()].includes(i)) { found.set(d.destination, i); break; }
    }
  }
  return found;
}

function useRoute(host, port, path) {
  const [state, setState] = useState({});
  useEffect(() => {
    if (!host) { setState({}); return undefined; }
    let gone = false;
    (async () => {
      try {
        const workloads = await get('workloads');
        const from = workloads.find((w) => w.connected && !w.gateway) || workloads[0];
        const answer = await post('explain', { from: from ? { namespace: from.namespace, workload: from.workload } : null, host, port, path });
        const route = answer.explanation.route;
        const file = route?.destinations[0]?.origin.file;
        const text = file ? (await get('files?path=' + encodeURIComponent(file))).text : '';
        if (!gone) setState({ route, file, text });
      } catch (failure) { if (!gone) setState({ failure: failure.message }); }
    })();
    return () => { gone = true; };
  }, [host, port, path]);
  return state;
}

function Change({ before, after }) {
  return <pre class="diff">{before.flatMap((line, i) => (line === after[i] ? [] : [<span key={'a' + i} class="minus">{`-${i + 1} ${line}\n`}</span>, <span key={'b' + i} class="plus">{`+${i + 1} ${after[i]}\n`}</span>]))}</pre>;
}

export function CanaryPage({ t, status, theme }) {
  const names = useNames();
  const [host, setHost] = useState('');
  const [path, setPath] = useState('/');
  const [share, setShare] = useState(null);
  const [copied, setCopied] = useState(false);
  const service = names.services.find((s) => s.host === host);
  const { route, file, text, failure } = useRoute(host, service?.port || 80, path);
  const graph = usePolled('graph?seconds=60', 2000);
  const edges = (graph.data?.edges || []).filter((e) => e.id.service === host);
  const destinations = route?.destinations || [];
  const total = destinations.reduce((sum, d) => sum + d.weight, 0) || 1;
  const last = destinations[destinations.length - 1];
  const planned = share ?? (last ? Math.round((100 * last.weight) / total) : 0);
  const others = destinations.slice(0, -1).reduce((sum, d) => sum + d.weight, 0) || 1;
  let left = 100 - planned;
  const weights = destinations.map((d, i) => {
    if (i === destinations.length - 1) return planned;
    const part = i === destinations.length - 2 ? left : Math.round(((100 - planned) * d.weight) / others);
    left -= part;
    return part;
  });
  const lines = (text || '').split('\n');
  const where = file ? weightLines(lines, destinations) : new Map();
  const after = lines.map((line) => line);
  destinations.forEach((d, i) => { const at = where.get(d.destination); if (at !== undefined) after[at] = lines[at].replace(/(\bweight:\s*)\d+/, `$1${weights[i]}`); });
  const flow = edges.reduce((sum, e) => sum + e.numbers.rate, 0);
  const perVersion = new Map();
  for (const e of edges) {
    const key = e.id.target.version || e.id.target.workload;
    const sum = perVersion.get(key) || { requests: 0, errors: 0, rate: 0 };
    perVersion.set(key, { requests: sum.requests + e.numbers.requests, errors: sum.errors + e.numbers.errors, rate: sum.rate + e.numbers.rate });
  }
  return (
    <section>
      <p class="soft">{t('canaryHint')}</p>
      <div class="ask">
        <label>{t('host')} <select value={host} onChange={(e) => { setHost(e.target.value); setShare(null); }}><option value="" />{[...new Set(names.services.map((s) => s.host))].map((h) => <option key={h}>{h}</option>)}</select></label>
        <label>{t('path')} <input value={path} onChange={(e) => setPath(e.target.value || '/')} /></label>
      </div>
      {failure && <p class="bad">{failure}</p>}
      {route && destinations.length < 2 && <p class="empty">{t('noSplit')}</p>}
      {destinations.length > 1 && <>
        <p>{route.route} <code class="origin">{originText(route.routeOrigin)}</code></p>
        <label class="slider">{last.destination} <input type="range" min="0" max="100" value={planned} onInput={(e) => setShare(+e.target.value)} /> <output>{planned} %</output></label>
        <table><thead><tr><th>{t('to')}</th><th class="n">{t('current')} %</th><th class="n">{t('planned')} %</th><th class="n">{t('expected')}</th></tr></thead>
          <tbody>{destinations.map((d, i) => <tr key={d.destination}><td>{d.destination}</td><td class="n">{d.percent.toFixed(1)}</td><td class="n">{weights[i]}</td><td class="n">{rate((flow * weights[i]) / 100)}</td></tr>)}</tbody></table>
        <table><thead><tr><th>{t('workload')}</th><th class="n">{t('rate')}</th><th class="n">{t('errors')}</th></tr></thead>
          <tbody>{[...perVersion].sort().map(([version, n]) => <tr key={version}><td>{version || t('unknown')}</td><td class="n">{rate(n.rate)}</td><td class="n">{percent(n.errors, n.requests)}</td></tr>)}</tbody></table>
        <Versions edges={edges} host={host} theme={theme} t={t} />
        {where.size < destinations.length ? <p class="warn">{t('noFile')}</p> : <>
          <h3>{t('diff')} <code>{file}</code></h3>
          <Change before={lines} after={after} />
          <p><button onClick={() => navigator.clipboard.writeText(after.join('\n')).then(() => setCopied(true))}>{copied ? t('copied') : t('copy')}</button> {t('yaml')}</p>
          <p class="soft">{t('rollBack')}: <code>git revert {status?.inForce?.shortCommit || 'COMMIT'}</code></p>
        </>}
      </>}
    </section>
  );
}

function Versions({ edges, host, theme, t }) {
  const versions = [...new Map(edges.map((e) => [`${e.id.target.namespace}/${e.id.target.workload}`, e.id.target])).keys()].filter((v) => v !== '/').sort();
  return <div class="plots">{versions.slice(0, 4).map((v) => <Version key={v} version={v} host={host} theme={theme} t={t} />)}</div>;
}

function Version({ version, host, theme, t }) {
  const points = usePolled(`traffic?seconds=300&target=${encodeURIComponent(version)}&service=${encodeURIComponent(host)}`, 5000);
  return points.data && <Plot title={`${version}: ${t('errorShare')}`} points={points.data.slice(0, -1)} theme={theme} lines={[{ name: t('errors'), value: (p) => (p.numbers.requests ? (100 * p.numbers.errors) / p.numbers.requests : 0) }]} />;
}
