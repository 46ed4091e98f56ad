// The commits: what each changed in files and for workloads, what was refused and why, and who is on which.
import { useOnce, usePolled } from './api.js';
import { lineDiff, link, moment, patch } from './format.js';
import { Yaml } from './policies.jsx';
import { CopyButton, Empty, Findings, Origin, Table, Text } from './parts.jsx';

const AROUND = 3;

/** Changed lines with a few around them. */
export function Diff({ before, after }) {
  const lines = lineDiff(before, after);
  const near = new Set();
  lines.forEach((l, i) => { if (l[0] !== ' ') for (let n = i - AROUND; n <= i + AROUND; n++) near.add(n); });
  return (
    <div class="code" dir="ltr" tabindex={0}>{lines.map((l, i) => {
      if (!near.has(i)) return near.has(i - 1) ? <div key={i} class="line gap"><span class="no" /><span class="no" /><span class="src">⋯</span></div> : null;
      return <div key={i} class={'line ' + ({ '-': 'minus', '+': 'plus' }[l[0]] || '')}><span class="no">{l[1] || ''}</span><span class="no">{l[2] || ''}</span><span class="src">{l[0] + ' ' + l[3]}</span></div>;
    })}</div>
  );
}

/** What it means, as `weft diff` says it. */
export function Changes({ difference, t, linked = true }) {
  if (!difference.changes.length && !difference.found.length && !difference.mended.length) return <p class="soft">{t('noChanges')}</p>;
  return (
    <>
      <ul class="changes">{difference.changes.map((c, i) => (
        <li key={i} class={{ ADDED: 'plus', REMOVED: 'minus' }[c.kind] || ''}>
          <span class="soft"><Text short={80}>{c.direction}</Text>:</span> <b><Text short={300}>{c.text}</Text></b> <Origin origin={c.origin} linked={linked} />
          <div class="soft">{t('concerns')}: <Text short={200}>{c.workloads.join(', ')}</Text></div>
        </li>))}</ul>
      {difference.found.length > 0 && <><h4>{t('newFindings')}</h4><Findings findings={difference.found} t={t} linked={linked} /></>}
      {difference.mended.length > 0 && <><h4>{t('mended')}</h4><Findings findings={difference.mended} t={t} linked={false} /></>}
    </>
  );
}

const KINDS = { added: '+', removed: '−', changed: '±' };

function Commit({ id, inForce, t }) {
  const commit = useOnce('history/' + encodeURIComponent(id));
  const changes = useOnce(commit.data && !commit.data.first && commit.data.accepted !== false ? `history/${encodeURIComponent(id)}/changes` : '');
  if (commit.error) return <p class="bad"><Text>{commit.error}</Text></p>;
  if (!commit.data) return <p class="soft">{t('loading')}</p>;
  const c = commit.data;
  const back = c.files.filter((f) => !f.withheld && f.kind === 'changed').map((f) => patch(f.path, f.after, f.before)).join('');
  const command = `git revert ${c.commit || ''}`.trim();
  return (
    <section>
      <h2><code>{(c.commit || id).slice(0, 12)}</code> <Text short={160}>{c.message}</Text></h2>
      <p class="soft">{c.author && <><Text short={80}>{c.author}</Text> · </>}{c.committedAt && <>{moment(c.committedAt)} · </>}<Result accepted={c.accepted} inForce={inForce && inForce === c.commit} t={t} /></p>
      {c.accepted === false && <div class="refused"><Findings findings={c.diagnostics.filter((d) => d.level === 'Error')} t={t} linked={false} /></div>}
      {c.accepted !== false && <>
        <h3>{t('changes')}</h3>
        {c.first ? <p class="soft">{t('firstCommit')}</p> : changes.error ? <p class="bad"><Text>{changes.error}</Text></p> : changes.data ? <Changes difference={changes.data} linked={!!inForce && inForce === c.commit} t={t} /> : <p class="soft">{t('loading')}</p>}
      </>}
      <h3>{t('fileChanges')}</h3>
      {!c.files.length && <p class="soft">{t('noFileChanges')}</p>}
      {c.files.map((f) => (
        <details key={f.path} open={c.files.length <= 5}><summary>{KINDS[f.kind]} <code><Text>{f.path}</Text></code></summary>
          {f.withheld ? <p class="soft">{t('withheld')}</p> : <Diff before={f.before || ''} after={f.after || ''} />}
          {c.accepted === false && f.after && c.diagnostics.some((d) => d.file === f.path) && <><h4>{t('findings')}</h4><Yaml text={f.after} findings={c.diagnostics.filter((d) => d.file === f.path)} t={t} /></>}</details>))}
      {c.commit && !c.first && c.files.length > 0 && <>
        <h3>{t('revert')}</h3><p class="soft">{t('revertHint')}</p>
        <p><code>{command}</code> <CopyButton text={command} label={t('copyCommand')} t={t} /> {back && <CopyButton text={back} label={t('copyPatch')} t={t} />}</p>
      </>}
      {c.accepted !== false && c.diagnostics.length > 0 && <><h3>{t('findings')}</h3><Findings findings={c.diagnostics} t={t} /></>}
    </section>
  );
}

function Result({ accepted, inForce, t }) {
  if (inForce) return <b class="good">{t('inForce')}</b>;
  if (accepted === null || accepted === undefined) return <span class="soft">{t('older')}</span>;
  return accepted ? t('accepted') : <b class="bad">{t('refused')}</b>;
}

export function HistoryPage({ t, rest, status }) {
  const history = usePolled('history?limit=100', 3000);
  const workloads = usePolled('workloads', 3000);
  const inForce = status?.inForce?.commit;
  if (rest.length) return <Commit key={rest[0]} id={rest[0]} inForce={inForce} t={t} />;
  const on = new Map();
  for (const w of workloads.data || []) on.set(w.acknowledgedCommit, [...(on.get(w.acknowledgedCommit) || []), w.instance]);
  const newest = (history.data || []).find((c) => c.offered?.accepted)?.id;
  return (
    <section>
      <h2>{t('history')}</h2>
      {history.data && !history.data.length ? <Empty title={t('none')}>{t('noHistory')}</Empty> : (
        <Table t={t} rows={history.data || []} head={[[t('commit')], [t('when')], [t('author')], [t('message')], [t('result')], [t('findings'), 'n'], [t('onIt')]]}>{(c) => {
          const who = c.commit ? on.get(c.commit) || [] : c.id === newest ? on.get('') || [] : [];
          return (
            <tr key={c.id}>
              <td><a href={link('history', c.id)}><code>{c.commit ? c.commit.slice(0, 8) : c.id}</code></a></td>
              <td>{moment(c.committedAt || c.offered?.at)}</td><td><Text short={40}>{c.author || '–'}</Text></td><td><Text short={120}>{c.message || '–'}</Text></td>
              <td><Result accepted={c.offered?.accepted} inForce={c.commit ? c.commit === inForce : c.id === newest} t={t} /></td>
              <td class={'n ' + (c.offered?.errors ? 'bad' : '')}>{c.offered ? c.offered.errors + c.offered.warnings || '' : ''}</td>
              <td>{who.length > 0 && <details class="inner"><summary>{who.length}</summary><Text>{who.join(', ')}</Text></details>}</td>
            </tr>);
        }}</Table>)}
    </section>
  );
}
