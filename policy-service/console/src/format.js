export function rate(value) {
  if (value >= 100) return value.toFixed(0);
  if (value >= 1) return value.toFixed(1);
  return value === 0 ? '0' : value.toFixed(2);
}
export function percent(part, whole) {
  if (!whole || !part) return '0 %';
  const share = (100 * part) / whole;
  return (share >= 10 ? share.toFixed(0) : share.toFixed(1)) + ' %';
}
export function millis(value) {
  if (!value) return '–';
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}
export const time = (text) => (text ? new Date(text).toLocaleTimeString([], { hour12: false }) : '–');
export const moment = (text) => (text ? new Date(text).toLocaleString([], { dateStyle: 'medium', timeStyle: 'short', hour12: false }) : '–');

/** How long something still holds; the second is how much that is to worry about. */
export function remaining(until, t, now = Date.now()) {
  const seconds = Math.round((Date.parse(until) - now) / 1000);
  if (seconds <= 0) return [t('expired'), 'bad'];
  const kind = seconds < 600 ? 'bad' : seconds < 3600 ? 'warn' : '';
  if (seconds < 120) return [`${seconds} ${t('seconds')}`, kind];
  if (seconds < 7200) return [`${Math.round(seconds / 60)} ${t('minutes')}`, kind];
  if (seconds < 172800) return [`${Math.round(seconds / 3600)} ${t('hours')}`, kind];
  return [`${Math.round(seconds / 86400)} ${t('days')}`, kind];
}

/** Characters that have no form of their own, or turn the text around, as escapes. */
export function visible(text) {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
    (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'));
}
export const cut = (text, length = 80) => (text.length > length ? text.slice(0, length - 1) + '…' : text);

export function endName(end) {
  if (!end.workload) return '';
  return end.version && !end.workload.endsWith('-' + end.version) ? `${end.workload} ${end.version}` : end.workload;
}
export const shortHost = (host) => host.replace(/\.svc\.[a-z0-9.-]+$/, '');
export const endKey = (end) => `${end.namespace}/${end.workload}/${end.version}`;
export const edgeKey = (id) => [endKey(id.source), id.service, endKey(id.target), id.protocol].join('|');
export const link = (...parts) => '#/' + parts.map(encodeURIComponent).join('/');

/** `Kind namespace/name file:line` in its parts. */
export function originOf(origin) {
  if (!origin) return null;
  if (typeof origin !== 'string') {
    const name = (origin.namespace ? origin.namespace + '/' : '') + origin.name;
    return { name: `${origin.kind} ${name}`, file: origin.file, line: origin.line };
  }
  const place = /^(.*?) ?([^ ]+\.(?:ya?ml|json)):(\d+)$/.exec(origin);
  return place ? { name: place[1], file: place[2], line: +place[3] } : { name: origin, file: '', line: 0 };
}

/** Lines that only one of two texts has, in order: `[' ' | '-' | '+', number, line]`. */
export function lineDiff(before, after) {
  const a = before === '' ? [] : before.replace(/\n$/, '').split('\n');
  const b = after === '' ? [] : after.replace(/\n$/, '').split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const from = a.slice(start, a.length - end);
  const to = b.slice(start, b.length - end);
  const out = [];
  for (let i = 0; i < start; i++) out.push([' ', i + 1, i + 1, a[i]]);
  out.push(...middle(from, to, start));
  for (let i = end; i > 0; i--) out.push([' ', a.length - i + 1, b.length - i + 1, a[a.length - i]]);
  return out;
}

/** By the longest common subsequence; very long changes are simply taken out and put in. */
function middle(from, to, start) {
  const out = [];
  const whole = from.length * to.length > 4e6;
  const table = whole ? null : Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
  if (table) {
    for (let i = from.length - 1; i >= 0; i--) {
      for (let j = to.length - 1; j >= 0; j--) {
        table[i][j] = from[i] === to[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
      }
    }
  }
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    if (table && i < from.length && j < to.length && from[i] === to[j]) {
      out.push([' ', start + i + 1, start + j + 1, from[i]]);
      i++;
      j++;
    } else if (i < from.length && (j >= to.length || !table || table[i + 1][j] >= table[i][j + 1])) {
      out.push(['-', start + i + 1, 0, from[i++]]);
    } else {
      out.push(['+', 0, start + j + 1, to[j++]]);
    }
  }
  return out;
}

/** The changed lines with three around them, as `git apply` takes them. */
export function patch(path, before, after) {
  const lines = lineDiff(before, after);
  const hunks = [];
  let i = 0;
  while (i < lines.length) {
    if (lines[i][0] === ' ') { i++; continue; }
    const from = Math.max(0, i - 3);
    let to = i;
    let calm = 0;
    while (to < lines.length && calm <= 6) { calm = lines[to][0] === ' ' ? calm + 1 : 0; to++; }
    to -= Math.max(0, calm - 3);
    const part = lines.slice(from, to);
    const old = part.filter((l) => l[0] !== '+');
    const fresh = part.filter((l) => l[0] !== '-');
    const first = (list, at) => (list.length ? list[0][at] : 0);
    hunks.push(`@@ -${first(old, 1)},${old.length} +${first(fresh, 2)},${fresh.length} @@\n` + part.map((l) => l[0] + l[3] + '\n').join(''));
    i = to;
  }
  return hunks.length ? `--- a/${path}\n+++ b/${path}\n${hunks.join('')}` : '';
}
