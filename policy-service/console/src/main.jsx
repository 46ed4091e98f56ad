// The shell: pages by hash, language, light and dark.
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { translator } from './words.js';
import { GraphPage } from './graph.jsx';
import { ServicesPage } from './services.jsx';
import { WorkloadsPage } from './workloads.jsx';
import { PoliciesPage } from './policies.jsx';
import { HistoryPage } from './history.jsx';
import { ExplainPage } from './explain.jsx';
import { CanaryPage } from './canary.jsx';
import { TapPage } from './tap.jsx';
import { Text } from './parts.jsx';
import { link, time } from './format.js';

const PAGES = {
  graph: GraphPage, services: ServicesPage, workloads: WorkloadsPage, policies: PoliciesPage, history: HistoryPage, explain: ExplainPage, canary: CanaryPage, tap: TapPage,
};

function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function useHash() {
  const read = () => location.hash.replace(/^#\/?/, '') || 'graph';
  const [hash, setHash] = useState(read);
  useEffect(() => {
    const changed = () => setHash(read());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return hash.split('/').map(decoded);
}

function useKept(name, initial) {
  const [value, setValue] = useState(() => localStorage.getItem('weft.' + name) || initial);
  return [value, (next) => { localStorage.setItem('weft.' + name, next); setValue(next); }];
}

/** When the control plane was last heard of. */
function useLast(status) {
  const last = useRef(null);
  if (status.data && !status.error) last.current = new Date().toISOString();
  return last.current;
}

function Console() {
  const [page, ...rest] = useHash();
  const [language, setLanguage] = useKept('language', navigator.language.startsWith('zh') ? 'zh' : 'en');
  const [theme, setTheme] = useKept('theme', matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const status = usePolled('status', 2000);
  const last = useLast(status);
  const t = translator(language);
  const name = PAGES[page] ? page : 'graph';
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
    document.documentElement.dataset.theme = theme;
    document.title = `${t(name)} · Weft`;
  }, [language, theme, name]);
  const Page = PAGES[name];
  const commit = status.data?.inForce;
  return (
    <>
      <a class="skip" href="#content" onClick={(e) => { e.preventDefault(); document.getElementById('content').focus(); }}>{t('skip')}</a>
      <header>
        <h1>Weft</h1>
        <nav aria-label={t('pages')}>
          {Object.keys(PAGES).map((each) => (
            <a key={each} href={'#/' + each} aria-current={each === name ? 'page' : undefined}>{t(each)}</a>
          ))}
        </nav>
        <p class="commit" title={commit?.message}>
          {commit && <>{commit.commit && <a href={link('history', commit.commit)}><code>{commit.shortCommit}</code></a>} <Text>{commit.message}</Text></>}
        </p>
        <p role="status" class={status.error ? 'bad' : 'good'}>{status.error ? '○ ' + t('away') : '● ' + t('live')}</p>
        <span class="choices">
          <button type="button" onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>{theme === 'dark' ? t('light') : t('dark')}</button>
          <button type="button" onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')} lang={language === 'en' ? 'zh-CN' : 'en'}>
            {language === 'en' ? '中文' : 'English'}
          </button>
        </span>
      </header>
      <main id="content" tabindex={-1}>
        {status.error && <div class="refused away" role="alert"><p>{last ? t('awayLong', time(last)) : t('neverThere')} <span class="soft"><Text short={200}>{status.error}</Text></span></p></div>}
        {status.data?.refused && name !== 'policies' && <p class="note"><a href={status.data.refused.commit.commit ? link('history', status.data.refused.commit.commit) : '#/policies'}>{t('refusedCommit')} <code>{status.data.refused.commit.shortCommit}</code></a></p>}
        <Page t={t} rest={rest} status={status.data} theme={theme} />
      </main>
    </>
  );
}

render(<Console />, document.getElementById('console'));
