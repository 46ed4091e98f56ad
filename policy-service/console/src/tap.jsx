// Requests as they end.
import { useEffect, useRef, useState } from 'preact/hooks';
import { stream } from './api.js';
import { shortHost, time } from './format.js';
import { useNames } from './explain.jsx';

const KEPT = 300;

export function TapPage({ t }) {
  const names = useNames();
  const [form, setForm] = useState({ workload: '', method: '', path: '', direction: '' });
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
    end.current = stream('tap', { kind: name ? 'workload' : 'namespace', namespace: namespace || '', name: name || '', method: form.method, path: form.path, direction: form.direction }, token,
      (line) => setLines((old) => [line, ...old].slice(0, KEPT)),
      (failure) => { setRunning(false); if (failure) setProblem(failure); });
  };
  return (
    <section>
      <p class="soft">{t('tapHint')}</p>
      <form class="ask" onSubmit={start}>
        <label>{t('workload')} <select value={form.workload} onChange={set('workload')}><option value="">{t('all')}</option>{names.workloads.map((w) => <option key={w}>{w}</option>)}</select></label>
        <label>{t('method')} <input value={form.method} onInput={set('method')} size={6} /></label>
        <label>{t('pathPrefix')} <input value={form.path} onInput={set('path')} /></label>
        <label>{t('direction')} <select value={form.direction} onChange={set('direction')}><option value="">{t('both')}</option><option value="inbound">{t('inbound')}</option><option value="outbound">{t('outbound')}</option></select></label>
        <label>{t('operatorToken')} <input type="password" autocomplete="off" value={token} onInput={(e) => setToken(e.target.value)} /></label>
        {running ? <button type="button" onClick={stop}>{t('stop')}</button> : <button type="submit">{t('start')}</button>}
      </form>
      {problem && <p class="bad">{problem}</p>}
      <div class="scroll"><table>
        <thead><tr><th>{t('time')}</th><th>{t('from')}</th><th>{t('to')}</th><th>{t('method')}</th><th>{t('path')}</th><th class="n">{t('status')}</th><th>{t('flags')}</th><th class="n">{t('millis')}</th><th>{t('decidedBy')}</th></tr></thead>
        <tbody>{lines.map(({ number, at, fate, edge, decidedBy }) => (
          <tr key={number}><td>{time(at)}</td><td>{edge.source.workload || t('outside')}</td><td>{edge.target.workload || shortHost(edge.service)}{edge.inbound ? '' : ' ↗'}</td>
            <td>{fate.method}</td><td><code>{fate.path}</code></td><td class={'n ' + (fate.status >= 500 || !fate.status ? 'bad' : fate.status >= 400 ? 'warn' : '')}>{fate.status || '–'}</td>
            <td>{fate.flags}</td><td class="n">{(fate.durationMicros / 1000).toFixed(1)}</td><td><code>{decidedBy}</code></td></tr>))}</tbody>
      </table></div>
    </section>
  );
}
