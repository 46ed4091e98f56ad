// Everything that is shown comes from /api/v1 of the same origin.
import { useEffect, useRef, useState } from 'preact/hooks';

async function answer(response) {
  if (response.ok) return response.json();
  let detail = response.statusText;
  try {
    const problem = await response.json();
    detail = problem.detail || problem.title || detail;
  } catch { /* not a problem document */ }
  throw new Error(`${response.status} ${detail}`);
}

export async function get(path, signal) {
  return answer(await fetch('api/v1/' + path, { signal, cache: 'no-store' }));
}

export async function post(path, body, token) {
  const headers = { 'content-type': 'application/json' };
  if (token) headers.authorization = 'Bearer ' + token;
  return answer(await fetch('api/v1/' + path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

/**
 * The answer to a path, asked again every so often while the page is visible. The last good answer
 * stays while the control plane is away, and `error` says so.
 */
export function usePolled(path, millis) {
  const [state, setState] = useState({ data: null, error: null });
  const latest = useRef(path);
  latest.current = path;
  useEffect(() => {
    const abort = new AbortController();
    let timer = 0;
    async function ask() {
      if (!document.hidden) {
        try {
          const data = await get(path, abort.signal);
          if (latest.current === path) setState({ data, error: null });
        } catch (failure) {
          if (!abort.signal.aborted) setState((old) => ({ data: old.data, error: failure.message }));
        }
      }
      if (!abort.signal.aborted) timer = setTimeout(ask, millis);
    }
    setState((old) => (old.error ? { data: null, error: null } : old));
    ask();
    return () => { abort.abort(); clearTimeout(timer); };
  }, [path, millis]);
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
        for (const line of lines) if (line.trim()) onLine(JSON.parse(line));
      }
      onEnd(null);
    } catch (failure) {
      if (!abort.signal.aborted) onEnd(failure.message);
    }
  })();
  return () => abort.abort();
}
