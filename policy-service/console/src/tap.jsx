// Requests as they end.
import { useEffect, useRef, useState } from 'preact/hooks';
import { stream } from './api.js';
import { cut, shortHost, time } from './format.js';
import { useNames } from './explain.jsx';
import { Empty, Origin, Text } from './parts.jsx';

const KEPT = 300;

function Details({ line, t }) {
  const { fate, instance, edge } = line;
  const rows = [[t('instance'), instance], [t('host'), fate.authority], [t('from'), edge.source.principal], [t('route'), fate.route], [t('upstream'), fate.upstream], [t('details'), fate.details], [t('attempts'), fate.attempts],
    [t('bytes'), `${fate.received} → ${fate.sent}`], [t('requestId'), fate.requestId], [t('traceId'), fate.traceId], [t('headers'), fate.headers.join('\n')]].filter(([, value]) => value !== '');
  return <dl class="pairs">{rows.map(([name, value]) => <div key={name}><dt>{name}</dt><dd><Text>{value}</Text></dd></div>)}</dl>;
}

function Row({ line, t }) {
  const [open, setOpen] = useState(false);
  const { at, fate, edge, decidedBy } = line;
  const toggle = () => setOpen(!open);
  return (
    <>
      <tr tabindex={0} aria-expanded={open} onClick={toggle} onKeyDown={(e) => { if (e.key === 'Enter' || e.key === ' ') { e.preventDefault(); toggle(); } }}>
        <td>{time(at)}</td><td><Text short={40}>{edge.source.workload || t('outside')}</Text></td><td><Text short={40}>{edge.target.workload || shortHost(edge.service)}</Text></td><td>{t(edge.inbound ? 'inbound' : 'outbound')}</td>
        <td><Text short={12}>{fate.method}</Text></td><td><code><Text short={90}>{fate.path}</Text></code></td><td class={'n ' + (fate.status >= 500 || !fate.status ? 'bad' : fate.status >= 400 ? 'warn' : '')}>{fate.status || '–'}</td>
        <td>{fate.flags === '-' ? '' : fate.flags}</td><td class="n">{(fate.durationMicros / 1000).toFixed(1)}</td><td><Origin origin={decidedBy} /></td></tr>
      {open && <tr class="more"><td colspan={10}><Details line={line} t={t} /></td></tr>}
    </>
  );
}

export function TapPage({ t }) {
  const names = useNames();
  const [form, setForm] = useState({ workload: '', method: '', path: '', direction: '', headers: '' });
  const [token, setToken] = useState('');
  const [lines, setLines] = useState([]);
  const [problem, setProblem] = useState('');
  const [running, setRunning] = useState(false);
  const end = useRef(null);
  const set = (name) => (e) => setForm({ ...form, [name]: e.target.value });
  useEffect(() => () => end.current?.(), []);
  const stop = () => { end.current?.(); end.current = null; setRunning(false); };
  const start = (e) => {
    e.preventDefault();
    stop();
    setProblem('');
    setLines([]);
    setRunning(true);
    const [namespace, name] = form.workload.split('/');
    const headers = form.headers.split(',').map((h) => h.trim()).filter(Boolean);
    end.current = stream('tap', { kind: name ? 'workload' : 'namespace', namespace: namespace || '', name: name || '', method: form.method, path: form.path, direction: form.direction, headers }, token,
      (line) => setLines((old) => [line, ...old].slice(0, KEPT)),
      (failure) => { setRunning(false); if (failure) setProblem(failure); });
  };
  return (
    <section onKeyDown={(e) => { if (e.key === 'Escape' && running) stop(); }}>
      <h2>{t('tap')}</h2>
      <p class="soft">{t('tapHint')}</p>
      <form class="ask" onSubmit={start}>
        <label>{t('workload')} <select value={form.workload} onChange={set('workload')}><option value="">{t('all')}</option>{names.workloads.map((w) => <option key={w} value={w}>{cut(w, 80)}</option>)}</select></label>
        <label>{t('method')} <input value={form.method} onInput={set('method')} size={6} /></label>
        <label>{t('pathPrefix')} <input value={form.path} onInput={set('path')} /></label>
        <label>{t('direction')} <select value={form.direction} onChange={set('direction')}><option value="">{t('both')}</option><option value="inbound">{t('inbound')}</option><option value="outbound">{t('outbound')}</option></select></label>
        <label>{t('headerNames')} <input value={form.headers} onInput={set('headers')} /></label>
        <label>{t('operatorToken')} <input type="password" autocomplete="off" value={token} onInput={(e) => setToken(e.target.value)} /></label>
        {running ? <button type="button" class="main" onClick={stop}>{t('stop')}</button> : <button type="submit" class="main">{t('start')}</button>}
      </form>
      {problem && <p class="bad"><Text>{problem}</Text></p>}
      {lines.length === 0 ? !problem && <Empty title={running ? t('waiting') : t('notStarted')} /> : (
        <div class="scroll" tabindex={0} role="region" aria-label={t('tap')}><table>
          <thead><tr><th>{t('time')}</th><th>{t('from')}</th><th>{t('to')}</th><th>{t('direction')}</th><th>{t('method')}</th><th>{t('path')}</th><th class="n">{t('status')}</th><th>{t('flags')}</th><th class="n">{t('millis')}</th><th>{t('decidedBy')}</th></tr></thead>
          <tbody>{lines.map((line) => <Row key={line.number} line={line} t={t} />)}</tbody>
        </table></div>)}
    </section>
  );
}
