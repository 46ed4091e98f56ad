// "Would this request pass?", answered by the sidecars' own engine.
import { useState } from 'preact/hooks';
import { post, usePolled } from './api.js';
import { Reasons } from './reasons.jsx';
import { Text } from './parts.jsx';
import { cut } from './format.js';

export function readHeaders(text) {
  return text.split('\n').map((line) => line.trim()).filter(Boolean).map((line) => {
    const colon = line.indexOf(':', 1);
    return colon < 0 ? [line, ''] : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
  });
}

export function useNames() {
  const workloads = usePolled('workloads', 10000);
  const services = usePolled('services', 10000);
  return {
    workloads: [...new Set((workloads.data || []).map((w) => `${w.namespace}/${w.workload}`))].sort(),
    services: (services.data || []).flatMap((s) => s.ports.map((p) => ({ host: s.host, port: p.port, protocol: p.protocol }))),
  };
}

export function ExplainPage({ t }) {
  const names = useNames();
  const [form, setForm] = useState({ from: '', host: '', port: 80, method: 'GET', path: '/', headers: '' });
  const [answer, setAnswer] = useState(null);
  const set = (name) => (e) => setForm({ ...form, [name]: e.target.value });
  const choose = (e) => {
    const known = names.services.find((s) => s.host === e.target.value);
    setForm({ ...form, host: e.target.value, port: known ? known.port : form.port });
  };
  const ask = async (e) => {
    e.preventDefault();
    const [namespace, workload] = form.from.split('/');
    try {
      const given = await post('explain', { from: form.from ? { namespace, workload } : null, host: form.host, port: +form.port, method: form.method, path: form.path, headers: readHeaders(form.headers) });
      setAnswer({ given });
    } catch (failure) {
      setAnswer({ failure: failure.message });
    }
  };
  return (
    <section>
      <h2>{t('explain')}</h2>
      <p class="soft">{t('explainHint')}</p>
      <form class="ask" onSubmit={ask}>
        <label>{t('from')} <select value={form.from} onChange={set('from')}><option value="">{t('callerOutside')}</option>{names.workloads.map((w) => <option key={w} value={w}>{cut(w, 80)}</option>)}</select></label>
        <label>{t('host')} <input required list="hosts" value={form.host} onInput={choose} /><datalist id="hosts">{names.services.map((s) => <option key={s.host + s.port} value={s.host} />)}</datalist></label>
        <label>{t('port')} <input type="number" min="1" max="65535" value={form.port} onInput={set('port')} /></label>
        <label>{t('method')} <select value={form.method} onChange={set('method')}>{['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((m) => <option key={m}>{m}</option>)}</select></label>
        <label class="wide">{t('path')} <input required value={form.path} onInput={set('path')} /></label>
        <label class="wide">{t('headersHint')} <textarea rows={3} value={form.headers} onInput={set('headers')} /></label>
        <button type="submit" class="main">{t('ask')}</button>
      </form>
      <div aria-live="polite">
        {answer?.failure && <p class="bad"><Text>{answer.failure}</Text></p>}
        {answer?.given && <div id="answer"><p class="soft"><Text>{answer.given.client || t('outside')}</Text> → <Text>{answer.given.server || t('nowhere')}</Text></p><Reasons explanation={answer.given.explanation} t={t} /></div>}
      </div>
    </section>
  );
}
