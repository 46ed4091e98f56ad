// Shift weights: what would change, what it would do, and the lines to commit. Nothing is written from here: Git is the way in.
import { useEffect, useState } from 'preact/hooks';
import { get, post, usePolled } from './api.js';
import { cut, rate, patch, percent, millis } from './format.js';
import { useNames } from './explain.jsx';
import { Changes, Diff } from './history.jsx';
import { CopyButton, Findings, Origin, Text } from './parts.jsx';
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

/** Percents with one of them changed: the others keep their proportion. */
export function shifted(weights, index, value) {
  const others = weights.reduce((sum, w, i) => (i === index ? sum : sum + w), 0);
  let left = 100 - value;
  const last = index === weights.length - 1 ? weights.length - 2 : weights.length - 1;
  return weights.map((w, i) => {
    if (i === index) return value;
    const part = i === last ? left : Math.round(others ? ((100 - value) * w) / others : (100 - value) / (weights.length - 1));
    left -= part;
    return part;
  });
}

function useRoute(host, port, path, commit) {
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
  }, [host, port, path, commit]);
  return state;
}

/** What the control plane says of the changed file; asked when the slider rests. */
function usePreview(path, text, changed) {
  const [state, setState] = useState({});
  useEffect(() => {
    setState({});
    if (!changed) return undefined;
    let gone = false;
    const timer = setTimeout(() => post('preview', { path, text }).then((data) => { if (!gone) setState({ data }); }, (failure) => { if (!gone) setState({ error: failure.message }); }), 400);
    return () => { gone = true; clearTimeout(timer); };
  }, [path, text, changed]);
  return state;
}

/** The newest commits that have changed the file. */
function useEarlier(file, commit) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!file) return undefined;
    let gone = false;
    (async () => {
      const earlier = [];
      const history = await get('history?limit=12').catch(() => []);
      for (const entry of history.filter((e) => e.offered?.accepted !== false)) {
        const step = await get('history/' + encodeURIComponent(entry.id)).catch(() => null);
        const change = step?.files.find((f) => f.path === file && f.kind === 'changed' && !f.withheld);
        if (change) earlier.push({ id: entry.id, commit: entry.commit, message: entry.message, before: change.before });
        if (gone || earlier.length >= 3) break;
      }
      if (!gone) setFound(earlier);
    })();
    return () => { gone = true; };
  }, [file, commit]);
  return found;
}

function perVersion(edges) {
  const found = new Map();
  for (const { id, numbers } of edges) {
    const key = id.target.version || id.target.workload;
    const sum = found.get(key) || { requests: 0, errors: 0, denied: 0, rate: 0, p95: 0 };
    found.set(key, { requests: sum.requests + numbers.requests, errors: sum.errors + numbers.errors, denied: sum.denied + numbers.denied, rate: sum.rate + numbers.rate, p95: Math.max(sum.p95, numbers.p95) });
  }
  return [...found].sort();
}

export function CanaryPage({ t, status, theme }) {
  const names = useNames();
  const [host, setHost] = useState('');
  const [path, setPath] = useState('/');
  const service = names.services.find((s) => s.host === host);
  const { route, file, text, failure } = useRoute(host, service?.port || 80, path, status?.inForce?.commit);
  const graph = usePolled('graph?seconds=60', 1000);
  const edges = (graph.data?.edges || []).filter((e) => e.id.service === host);
  return (
    <section>
      <h2>{t('canary')}</h2>
      <p class="soft">{t('canaryHint')}</p>
      <div class="ask">
        <label>{t('service')} <select value={host} onChange={(e) => setHost(e.target.value)}><option value="" />{[...new Set(names.services.map((s) => s.host))].map((h) => <option key={h} value={h}>{cut(h, 80)}</option>)}</select></label>
        <label>{t('path')} <input value={path} onChange={(e) => setPath(e.target.value || '/')} /></label>
      </div>
      {failure && <p class="bad"><Text>{failure}</Text></p>}
      {route && route.destinations.length < 2 && <p class="empty">{t('noSplit')}</p>}
      {route?.destinations.length > 1 && <Split key={host + path + text} route={route} file={file} text={text} edges={edges} status={status} t={t} />}
      {host && edges.length > 0 && <>
        <h3>{t('perVersion')}</h3>
        <div class="scroll"><table><thead><tr><th>{t('version')}</th><th class="n">{t('rate')}</th><th class="n">{t('errors')}</th><th class="n">{t('denied')}</th><th class="n">{t('p95')}</th></tr></thead>
          <tbody>{perVersion(edges).map(([version, n]) => <tr key={version}><td><Text short={60}>{version || t('unknown')}</Text></td><td class="n">{rate(n.rate)}</td><td class={'n ' + (n.errors ? 'bad' : '')}>{percent(n.errors, n.requests)}</td><td class="n">{n.denied || ''}</td><td class="n">{millis(n.p95)}</td></tr>)}</tbody></table></div>
        <Versions edges={edges} host={host} theme={theme} t={t} />
      </>}
    </section>
  );
}

function Split({ route, file, text, edges, status, t }) {
  const destinations = route.destinations;
  const sum = destinations.reduce((all, d) => all + d.weight, 0) || 1;
  const now = destinations.map((d) => Math.round((100 * d.weight) / sum));
  const [weights, setWeights] = useState(now);
  const lines = (text || '').split('\n');
  const where = file ? weightLines(lines, destinations) : new Map();
  const moved = weights.some((w, i) => w !== now[i]);
  const after = [...lines];
  if (moved) destinations.forEach((d, i) => { const at = where.get(d.destination); if (at !== undefined) after[at] = lines[at].replace(/(\bweight:\s*)\d+/, `$1${weights[i]}`); });
  const changed = after.join('\n');
  const preview = usePreview(file, changed, moved && where.size === destinations.length);
  const flow = edges.reduce((all, e) => all + e.numbers.rate, 0);
  const sliders = destinations.length === 2 ? [1] : destinations.map((d, i) => i);
  return (
    <>
      <p><Text>{route.route}</Text> <Origin origin={route.routeOrigin} /></p>
      {sliders.map((i) => (
        <label key={i} class="slider"><Text short={60}>{destinations[i].destination}</Text> <input type="range" min="0" max="100" value={weights[i]} onInput={(e) => setWeights(shifted(weights, i, +e.target.value))} /> <output>{weights[i]} %</output></label>))}
      <div class="scroll"><table><thead><tr><th>{t('to')}</th><th class="n">{t('current')}</th><th class="n">{t('planned')}</th><th class="n">{t('expectedNow')}</th><th class="n">{t('expected')}</th></tr></thead>
        <tbody>{destinations.map((d, i) => <tr key={d.destination}><td><Text short={80}>{d.destination}</Text></td><td class="n">{d.percent.toFixed(1)}</td><td class="n"><b>{weights[i]}</b></td><td class="n">{rate((flow * d.percent) / 100)}</td><td class="n">{rate((flow * weights[i]) / 100)}</td></tr>)}</tbody></table></div>
      {where.size < destinations.length ? <p class="warn">{t('noFile')}</p> : !moved ? <p class="soft">{t('unchanged')}</p> : <>
        <h3>{t('predicted')}</h3>
        <div aria-live="polite"><Effect preview={preview} t={t} /></div>
        <h3>{t('diff')} <code><Text>{file}</Text></code></h3>
        <Diff before={text} after={changed} />
        <Commands patch={patch(file, text, changed)} file={file} whole={changed} message={`${route.route}: ${destinations.map((d, i) => `${d.destination} ${weights[i]} %`).join(', ')}`} t={t} />
      </>}
      <RollBack file={file} text={text} status={status} t={t} />
    </>
  );
}

function Effect({ preview, t }) {
  if (preview.error) return <p class="bad"><Text>{preview.error}</Text></p>;
  if (!preview.data) return <p class="soft">{t('loading')}</p>;
  return preview.data.accepted
    ? <><p class="good">{t('wouldPass', preview.data.policyTests)}</p><Changes difference={preview.data.difference} t={t} /></>
    : <><p class="bad">{t('wouldFail')}</p><Findings findings={preview.data.errors} t={t} linked={false} /></>;
}

const quoted = (text) => `'${text.replace(/'/g, "'\\''")}'`;

function Commands({ patch: lines, file, whole, message, t }) {
  const apply = `git apply <<'WEFT'\n${lines}WEFT\ngit commit -m ${quoted(message)} -- ${quoted(file)}`;
  return (
    <details><summary>{t('commands')}</summary>
      <pre class="yaml">{apply}</pre>
      <p><CopyButton text={apply} label={t('copy')} t={t} />{whole && <> <CopyButton text={whole} label={t('copyFile')} t={t} /></>}</p>
    </details>
  );
}

function RollBack({ file, text, status, t }) {
  const earlier = useEarlier(file, status?.inForce?.commit);
  const revert = status?.inForce?.commit ? `git revert ${status.inForce.commit}` : '';
  return (
    <>
      <h3>{t('rollBack')}</h3>
      {revert && <p>{t('newestRevert')}: <code>{revert}</code> <CopyButton text={revert} label={t('copy')} t={t} /></p>}
      {earlier && !earlier.length && <p class="soft">{t('noEarlier')}</p>}
      {(earlier || []).map((e) => {
        const lines = patch(file, text, e.before);
        return lines && (
          <details key={e.id}><summary>{t('backTo')}: {t('before', (e.commit || e.id).slice(0, 8))} <span class="soft"><Text short={80}>{e.message}</Text></span></summary>
            <Diff before={text} after={e.before} />
            <Commands patch={lines} file={file} message={`Back to before ${(e.commit || e.id).slice(0, 8)}`} t={t} />
          </details>);
      })}
    </>
  );
}

function Versions({ edges, host, theme, t }) {
  const versions = [...new Map(edges.map((e) => [`${e.id.target.namespace}/${e.id.target.workload}/${e.id.target.version}`.replace(/\/$/, ''), e.id.target])).entries()].filter(([, v]) => v.workload).sort();
  return <div class="plots">{versions.slice(0, 6).map(([key, v]) => <Version key={key} query={key} name={v.version || v.workload} host={host} theme={theme} t={t} />)}</div>;
}

function Version({ query, name, host, theme, t }) {
  const points = usePolled(`traffic?seconds=300&target=${encodeURIComponent(query)}&service=${encodeURIComponent(host)}`, 2000);
  return points.data && <Plot title={`${cut(name, 40)}: ${t('errorShare')}`} points={points.data.slice(0, -1)} theme={theme} t={t} lines={[
    { name: t('errors'), value: (p) => (p.numbers.requests ? (100 * p.numbers.errors) / p.numbers.requests : 0) }]} />;
}
