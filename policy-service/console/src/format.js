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
export const time = (text) => (text ? new Date(text).toLocaleTimeString() : '–');
export const moment = (text) => (text ? new Date(text).toLocaleString() : '–');
export function endName(end, t) {
  if (!end.workload) return '';
  return end.version && !end.workload.endsWith('-' + end.version) ? `${end.workload} ${end.version}` : end.workload;
}
export const shortHost = (host) => host.replace(/\.svc\.[a-z0-9.-]+$/, '');
export const endKey = (end) => `${end.namespace}/${end.workload}/${end.version}`;
export const edgeKey = (id) => [endKey(id.source), id.service, endKey(id.target), id.protocol].join('|');
export function originText(origin) {
  if (!origin) return '';
  const name = (origin.namespace ? origin.namespace + '/' : '') + origin.name;
  return origin.file ? `${origin.kind} ${name} ${origin.file}:${origin.line}` : `${origin.kind} ${name}`;
}
