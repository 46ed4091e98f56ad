// Small things that several pages are made of.
import { useState } from 'preact/hooks';
import { cut, link, originOf, remaining } from './format.js';

/** Other people's text: kept apart from what stands around it, whichever way it is written. */
export const Text = ({ children, short = 0 }) => {
  const text = String(children ?? '');
  return <bdi title={short && text.length > short ? text : undefined}>{short ? cut(text, short) : text}</bdi>;
};

/** Where something stands; a link to the line in force. */
export function Origin({ origin, linked = true }) {
  const at = originOf(origin);
  if (!at) return null;
  const place = at.file && <><Text>{at.file}</Text>:{at.line}</>;
  return <span class="origin"><Text short={120}>{at.name}</Text>{place && <> {linked ? <a href={link('policies', at.file, String(at.line))}>{place}</a> : <code>{place}</code>}</>}</span>;
}

export function CopyButton({ text, label, t }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => { setCopied(true); setTimeout(() => setCopied(false), 2000); });
  return <button type="button" onClick={copy}>{copied ? t('copied') : label}</button>;
}

export function Remaining({ until, t }) {
  if (!until) return '–';
  const [text, kind] = remaining(until, t);
  return <span class={kind} title={new Date(until).toLocaleString()}>{text}</span>;
}

export function Empty({ title, children }) {
  return <div class="empty"><p><b>{title}</b></p>{children && <p>{children}</p>}</div>;
}

const LEVEL = { Error: 'bad', Warning: 'warn', Info: 'soft' };
export const levelOf = (finding) => LEVEL[finding.level] || '';

/** The line of what is not in force cannot be followed. */
export function Finding({ finding, t, place = true, linked = true }) {
  return (
    <>
      <b class={levelOf(finding)}>{t(finding.level)} {finding.code}</b> <Text short={120}>{`${finding.kind} ${finding.namespace ? finding.namespace + '/' : ''}${finding.name}`}</Text> {finding.field && <code><Text short={120}>{finding.field}</Text></code>}
      <div><Text>{finding.message}</Text></div>
      {finding.mend && <div class="soft">{t('mend')}: <Text>{finding.mend}</Text></div>}
      {place && finding.file && <Origin origin={{ kind: '', name: '', namespace: '', file: finding.file, line: finding.line }} linked={linked} />}
    </>
  );
}

export function Findings({ findings, t, linked = true }) {
  if (!findings.length) return <p class="soft">{t('noFindings')}</p>;
  return <ul class="findings">{findings.map((d, i) => <li key={i}><Finding finding={d} t={t} linked={linked} /></li>)}</ul>;
}

const SHOWN = 100;

/** Rows beyond the first hundred are shown when they are asked for. */
export function Table({ head, rows, t, children }) {
  const [shown, setShown] = useState(SHOWN);
  return (
    <>
      <div class="scroll" tabindex={0} role="region" aria-label={t('asTable')}>
        <table><thead><tr>{head.map(([text, kind], i) => <th key={i} class={kind} scope="col">{text}</th>)}</tr></thead><tbody>{rows.slice(0, shown).map(children)}</tbody></table>
      </div>
      {rows.length > shown && <p><button type="button" onClick={() => setShown(shown + 5 * SHOWN)}>{t('more')} ({rows.length - shown})</button></p>}
    </>
  );
}
