// What analysis found, and the commits with who is on which.
import { useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { moment } from './format.js';

const KIND = { Error: 'bad', Warning: 'warn', Info: 'soft' };

function Findings({ findings, t }) {
  if (!findings.length) return <p class="empty">{t('none')}</p>;
  return (
    <ul class="findings">
      {findings.map((d, i) => (
        <li key={i}>
          <b class={KIND[d.level] || ''}>{d.level} {d.code}</b> {d.kind} {d.namespace ? d.namespace + '/' : ''}{d.name} {d.field && <code>{d.field}</code>}
          <div>{d.message}</div>
          {d.mend && <div class="soft">{t('mend')}: {d.mend}</div>}
          {d.file && <code class="origin">{d.file}:{d.line}</code>}
        </li>
      ))}
    </ul>
  );
}

export function PoliciesPage({ t, status }) {
  const found = usePolled('diagnostics', 3000);
  const commits = usePolled('commits', 3000);
  const workloads = usePolled('workloads', 3000);
  const [text, setText] = useState('');
  const on = new Map();
  for (const w of workloads.data || []) on.set(w.acknowledgedCommit, [...(on.get(w.acknowledgedCommit) || []), w.instance]);
  const findings = (found.data?.inForce || []).filter((d) => `${d.code} ${d.kind} ${d.namespace}/${d.name} ${d.file} ${d.message}`.toLowerCase().includes(text.toLowerCase()));
  return (
    <section>
      {status?.refused && <div class="refused"><h2>{t('refusedCommit')}</h2><p><code>{status.refused.commit.shortCommit}</code> {status.refused.commit.message}</p><Findings findings={status.refused.diagnostics} t={t} /></div>}
      <h2>{t('commits')}</h2>
      <div class="scroll"><table>
        <thead><tr><th>{t('commit')}</th><th>{t('when')}</th><th>{t('author')}</th><th>{t('message')}</th><th>{t('result')}</th><th>{t('onIt')}</th></tr></thead>
        <tbody>{(commits.data || []).map((c, i) => (
          <tr key={i}><td><code>{c.commit.shortCommit || '–'}</code></td><td>{moment(c.at)}</td><td>{c.commit.author}</td><td>{c.commit.message}</td>
            <td class={c.accepted ? 'good' : 'bad'}>{c.accepted ? (c.commit.commit === status?.inForce?.commit ? t('inForce') : t('accepted')) : t('refused')}</td>
            <td title={(on.get(c.commit.commit) || []).join(', ')}>{(on.get(c.commit.commit) || []).length || ''}</td></tr>))}</tbody>
      </table></div>
      <h2>{t('diagnostics')} <span class="soft">{findings.length}</span></h2>
      <div class="bar"><label>{t('search')} <input value={text} onInput={(e) => setText(e.target.value)} /></label></div>
      <Findings findings={findings} t={t} />
    </section>
  );
}
