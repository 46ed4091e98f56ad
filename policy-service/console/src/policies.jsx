// The policy files in force with what analysis found at their lines.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useOnce, usePolled } from './api.js';
import { link } from './format.js';
import { Empty, Finding, Findings, levelOf, Text } from './parts.jsx';

/** A line of YAML, coloured a little: comments, keys, the separator of documents. */
function YamlLine({ text }) {
  if (/^\s*#/.test(text)) return <span class="y-comment">{text}</span>;
  if (/^---/.test(text)) return <span class="y-split">{text}</span>;
  const key = /^(\s*(?:- )*)([\w./"'-]+:)(?=\s|$)/.exec(text);
  return key ? <>{key[1]}<span class="y-key">{key[2]}</span>{text.slice(key[0].length)}</> : text;
}

/** A file with its lines numbered; findings stand below the line that they are about. */
export function Yaml({ text, findings, marked, t }) {
  const here = useRef();
  useEffect(() => { here.current?.scrollIntoView({ block: 'center' }); }, [marked, text]);
  const byLine = new Map();
  for (const d of findings) byLine.set(d.line, [...(byLine.get(d.line) || []), d]);
  const lines = text.replace(/\n$/, '').split('\n');
  return (
    <div class="code" dir="ltr" tabindex={0}>
      {byLine.has(0) && byLine.get(0).map((d, i) => <div key={i} class={'inline ' + levelOf(d)}><Finding finding={d} t={t} place={false} /></div>)}
      {lines.map((line, i) => (
        <div key={i}>
          <div class={`line ${marked === i + 1 ? 'marked' : ''} ${byLine.has(i + 1) ? levelOf(byLine.get(i + 1)[0]) + '-line' : ''}`} ref={marked === i + 1 ? here : undefined}>
            <span class="no">{i + 1}</span><span class="src"><YamlLine text={line} /></span>
          </div>
          {(byLine.get(i + 1) || []).map((d, j) => <div key={j} class={'inline ' + levelOf(d)}><Finding finding={d} t={t} place={false} /></div>)}
        </div>))}
    </div>
  );
}

function File({ path, line, findings, t }) {
  const file = useOnce('files?path=' + encodeURIComponent(path));
  return (
    <div>
      <h3 class="path"><Text>{path}</Text></h3>
      {file.error && <p class={file.error.startsWith('404') ? 'soft' : 'bad'}>{file.error.startsWith('404') ? t('withheld') : <Text>{file.error}</Text>}</p>}
      {file.data && <Yaml text={file.data.text} findings={findings} marked={line} t={t} />}
    </div>
  );
}

export function PoliciesPage({ t, rest, status }) {
  const files = usePolled('policies', 5000);
  const found = usePolled('diagnostics', 5000);
  const [text, setText] = useState('');
  const findings = found.data?.inForce || [];
  const path = rest[0] || '';
  const wanted = text.toLowerCase();
  const shown = findings.filter((d) => `${d.code} ${d.kind} ${d.namespace}/${d.name} ${d.file} ${d.message}`.toLowerCase().includes(wanted));
  const count = (file, level) => findings.filter((d) => d.file === file && d.level === level).length;
  if (files.data && !files.data.length) return <Empty title={t('none')}>{t('noPolicies')}</Empty>;
  return (
    <section>
      {status?.refused && !path && <div class="refused"><h2>{t('refusedCommit')}</h2>{status.refused.commit.commit && <p><a href={link('history', status.refused.commit.commit)}><code>{status.refused.commit.shortCommit}</code></a> <Text short={160}>{status.refused.commit.message}</Text></p>}<Findings findings={status.refused.diagnostics} t={t} linked={false} /></div>}
      <div class="files">
        <nav aria-label={t('files')}>
          <h2>{t('files')}</h2>
          <ul>{(files.data || []).map((f) => (
            <li key={f.path}><a href={link('policies', f.path)} aria-current={f.path === path ? 'true' : undefined}><Text>{f.path}</Text></a>
              {count(f.path, 'Error') > 0 && <span class="count bad">{count(f.path, 'Error')}</span>}{count(f.path, 'Warning') > 0 && <span class="count warn">{count(f.path, 'Warning')}</span>}
              {' '}<span class="soft">{f.lines} {t('lines')}</span></li>))}</ul>
        </nav>
        <div>
          {path ? <File key={path} path={path} line={+rest[1] || 0} findings={findings.filter((d) => d.file === path)} t={t} /> : <>
            <h2>{t('findings')} <span class="soft">{shown.length}</span></h2>
            <p class="soft">{t('chooseFile')}</p>
            <div class="bar"><label>{t('search')} <input value={text} onInput={(e) => setText(e.target.value)} /></label></div>
            {found.data ? <Findings findings={shown} t={t} /> : !found.error && <p class="soft">{t('loading')}</p>}
          </>}
        </div>
      </div>
    </section>
  );
}
