// The shell: pages by hash, language, light and dark.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { usePolled } from './api.js';
import { translator } from './words.js';
import { GraphPage } from './graph.jsx';
import { WorkloadsPage } from './workloads.jsx';
import { PoliciesPage } from './policies.jsx';
import { ExplainPage } from './explain.jsx';
import { CanaryPage } from './canary.jsx';
import { TapPage } from './tap.jsx';

const PAGES = { graph: GraphPage, workloads: WorkloadsPage, policies: PoliciesPage, explain: ExplainPage, canary: CanaryPage, tap: TapPage };

function useHash() {
  const read = () => decodeURIComponent(location.hash.replace(/^#\/?/, '')) || 'graph';
  const [hash, setHash] = useState(read);
  useEffect(() => {
    const changed = () => setHash(read());
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  return hash;
}

function useKept(name, initial) {
  const [value, setValue] = useState(() => localStorage.getItem('weft.' + name) || initial);
  return [value, (next) => { localStorage.setItem('weft.' + name, next); setValue(next); }];
}

function Console() {
  const hash = useHash();
  const [language, setLanguage] = useKept('language', navigator.language.startsWith('zh') ? 'zh' : 'en');
  const [theme, setTheme] = useKept('theme', matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  const status = usePolled('status', 2000);
  const t = translator(language);
  useEffect(() => {
    document.documentElement.lang = language;
    document.documentElement.dataset.theme = theme;
  }, [language, theme]);
  const [page, ...rest] = hash.split('/');
  const Page = PAGES[page] || GraphPage;
  const commit = status.data?.inForce;
  return (
    <>
      <a class="skip" href="#content" onClick={(e) => { e.preventDefault(); document.getElementById('content').focus(); }}>{t('skip')}</a>
      <header>
        <h1>Weft</h1>
        <nav aria-label="pages">
          {Object.keys(PAGES).map((name) => (
            <a key={name} href={'#/' + name} aria-current={PAGES[name] === Page ? 'page' : undefined}>{t(name)}</a>
          ))}
        </nav>
        <p class="commit" title={commit?.message}>
          {commit ? `${commit.shortCommit || '–'} ${commit.message || ''}` : '…'}
        </p>
        <p role="status" class={status.error ? 'bad' : 'good'}>{status.error ? t('away') : '● ' + t('live')}</p>
        <button onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}>{theme === 'dark' ? t('light') : t('dark')}</button>
        <button onClick={() => setLanguage(language === 'en' ? 'zh' : 'en')} lang={language === 'en' ? 'zh' : 'en'}>
          {language === 'en' ? '中文' : 'English'}
        </button>
      </header>
      <main id="content" tabindex={-1}>
        <Page t={t} rest={rest} status={status.data} theme={theme} />
      </main>
    </>
  );
}

render(<Console />, document.getElementById('console'));
