// Everything that is shown comes from /api/v1 of the same origin.
import { useEffect, useRef, useState } from 'preact/hooks';
import { visible } from './format.js';

const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|\\u00|\\[bf]/;

/** Labels, paths and header values are other people's: what cannot be seen in them is made to be. */
function parse(text) {
  return HIDDEN.test(text) ? JSON.parse(text, (key, value) => (typeof value === 'string' ? visible(value) : value)) : JSON.parse(text);
}

async function answer(response) {
  const text = await response.text();
  if (response.ok) return parse(text);
  let detail = response.statusText;
  try {
    const problem = parse(text);
    detail = problem.detail || problem.title || detail;
  } catch { /* not a problem document */ }
  throw new Error(`${response.status} ${detail}`);
}

export async function get(path, signal) {
  const early = window.weftEarly;
  if (early?.path === path) {
    window.weftEarly = null;
    return answer(await early.response);
  }
  return answer(await fetch('api/v1/' + path, { signal, cache: 'no-store' }));
}

export async function post(path, body, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = 'Bearer ' + token;
  return answer(await fetch('api/v1/' + path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/**
 * The answer to a path, asked again every so often while the page is visible. The last good answer
 * stays while the control plane is away, and `error` says so. Without a path nothing is asked.
 */
export function usePolled(path, millis) {
  const [state, setState] = useState({ data: null, error: null });
  const latest = useRef(path);
  latest.current = path;
  useEffect(() => {
    if (!path) return undefined;
    const abort = new AbortController();
    let timer = 0;
    async function ask() {
      const begun = performance.now();
      if (!document.hidden) {
        try {
          const data = await get(path, abort.signal);
          if (latest.current === path) setState({ data, error: null });
        } catch (failure) {
          if (!abort.signal.aborted) setState((old) => ({ data: old.data, error: failure.message }));
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(ask, Math.max(millis / 4, millis - (performance.now() - begun)));
    }
    setState((old) => (old.error ? { data: null, error: null } : old));
    ask();
    return () => { abort.abort(); clearTimeout(timer); };
  }, [path, millis]);
  return state;
}

/** The answer to a path, asked once. */
export function useOnce(path) {
  const [state, setState] = useState({});
  useEffect(() => {
    setState({});
    if (!path) return undefined;
    const abort = new AbortController();
    get(path, abort.signal).then((data) => setState({ data }), (failure) => { if (!abort.signal.aborted) setState({ error: failure.message }); });
    return () => abort.abort();
  }, [path]);
  return state;
}

/** Reads a stream of JSON lines; the function that is given back ends it. */
export function stream(path, body, token, onLine, onEnd) {
  const abort = new AbortController();
  (async () => {
    try {
      const headers = { 'content-type': 'application/json', accept: 'application/x-ndjson' };
      if (token) headers.authorization = 'Bearer ' + token;
      const response = await fetch('api/v1/' + path,
        { method: 'POST', headers, body: JSON.stringify(body), signal: abort.signal });
      if (!response.ok) await answer(response);
      const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = '';
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        const lines = (rest + value).split('\n');
        rest = lines.pop();
        for (const line of lines) if (line.trim()) onLine(parse(line));
      }
      onEnd(null);
    } catch (failure) {
      if (!abort.signal.aborted) onEnd(failure.message);
    }
  })();
  return () => abort.abort();
}
