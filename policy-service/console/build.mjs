// Builds the console's page. `--check` tells whether what is committed is what the sources give.
import { build } from 'esbuild';
import { readFileSync, readdirSync, writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const target = new URL('../src/main/resources/weft-console/', import.meta.url);
const limit = 150 * 1024;
const check = process.argv.includes('--check');

const script = await build({
  entryPoints: [new URL('src/main.jsx', import.meta.url).pathname],
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  target: 'es2022',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  legalComments: 'inline',
});
const style = await build({
  entryPoints: [new URL('src/style.css', import.meta.url).pathname],
  bundle: true,
  minify: true,
  write: false,
});
const files = {
  'console.js': script.outputFiles[0].text,
  'console.css': style.outputFiles[0].text,
  'index.html': readFileSync(new URL('src/index.html', import.meta.url), 'utf8'),
  'early.js': readFileSync(new URL('src/early.js', import.meta.url), 'utf8'),
  'icon.svg': readFileSync(new URL('src/icon.svg', import.meta.url), 'utf8'),
};
let compressed = 0;
let stale = [];
mkdirSync(target, { recursive: true });
for (const [name, text] of Object.entries(files)) {
  compressed += gzipSync(text, { level: 9 }).length;
  const file = new URL(name, target);
  if (!existsSync(file) || readFileSync(file, 'utf8') !== text) stale.push(name);
  if (!check) writeFileSync(file, text);
}
console.log(`console: ${(compressed / 1024).toFixed(1)} KB compressed (at most ${limit / 1024})`);
if (compressed > limit) process.exit(1);

// Every text in both languages, every text that is asked for there, and none that nobody asks for.
const words = await import(new URL('src/words.js', import.meta.url));
const { en, zh } = words.LANGUAGES;
const sources = readdirSync(new URL('src/', import.meta.url)).filter((name) => /\.jsx?$/.test(name) && name !== 'words.js')
  .map((name) => readFileSync(new URL('src/' + name, import.meta.url), 'utf8')).join('\n');
const asked = new Set([...sources.matchAll(/\bt\('([^']+)'/g)].map((m) => m[1]));
const named = (key) => asked.has(key) || key.startsWith('state-') || new RegExp(`['"\\s,{]${key}\\b`).test(sources) || /^[A-Z]/.test(key);
const wrong = [
  ...Object.keys(en).filter((key) => !(key in zh)).map((key) => `zh lacks ${key}`),
  ...Object.keys(zh).filter((key) => !(key in en)).map((key) => `en lacks ${key}`),
  ...[...asked].filter((key) => key !== 'state-' && !(key in en)).map((key) => `asked for, but not there: ${key}`),
  ...Object.keys(en).filter((key) => !named(key)).map((key) => `asked for by nobody: ${key}`),
  ...Object.keys(en).filter((key) => key in zh && (en[key].match(/\{\d\}/g) || []).sort().join() !== (zh[key].match(/\{\d\}/g) || []).sort().join()).map((key) => `other blanks: ${key}`),
  ...[...sources.matchAll(/>([A-Z][a-z]+(?: [a-z]+)*)</g)].map((m) => m[1]).filter((text) => text !== 'Weft').map((text) => `not translated: ${text}`),
];
if (wrong.length) {
  console.error('texts: ' + wrong.join('\n       '));
  process.exit(1);
}
if (check && stale.length > 0) {
  console.error(`not what the sources give: ${stale.join(', ')} (run: npm run build)`);
  process.exit(1);
}
