// Opens every page of a console whose data somebody made to do harm, and looks whether any of it came to life.
//
//   node hostile.mjs BASE-URL OPERATOR-TOKEN [FOLDER]
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const [base, token, folder = 'target/console'] = process.argv.slice(2);
if (!token) {
  console.error('usage: node hostile.mjs BASE-URL OPERATOR-TOKEN [FOLDER]');
  process.exit(64);
}
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const failures = [];
const check = (holds, what) => { console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`); if (!holds) failures.push(what); };
const page = await browser.newPage({ viewport: { width: 1280, height: 900 }, locale: 'en-GB' });
const complaints = [];
const asked = [];
page.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(m.text()));
page.on('pageerror', (e) => complaints.push(e.message));
page.on('dialog', (d) => { complaints.push('dialog: ' + d.message()); d.dismiss(); });
page.on('request', (r) => { if (!r.url().startsWith(base)) asked.push(r.url()); });
await page.addInitScript(() => { window.harmed = 0; });

async function look(name) {
  await page.waitForTimeout(900);
  const found = await page.evaluate(() => {
    const text = document.body.innerText;
    const width = document.documentElement.clientWidth;
    return {
      harmed: window.harmed,
      alive: document.querySelectorAll('#console script, #console img, #console iframe, #console object, #console embed, #console form[action], #console [onerror], #console [onclick], #console [style*="url"], #console a[href^="javascript"], #console a[href^="http"]').length,
      hidden: /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u061c\u200b-\u200f\u202a-\u202e\u2066-\u2069]/.test(text),
      shown: text.includes('<img src=x') || [...document.querySelectorAll('svg text, svg title')].some((e) => e.textContent.includes('<img src=x')),
      tooWide: document.documentElement.scrollWidth - width,
    };
  });
  check(found.harmed === 0 && found.alive === 0, `${name}: nothing came to life (${found.alive} elements, ${found.harmed} scripts)`);
  check(!found.hidden, `${name}: what cannot be seen is shown as an escape`);
  check(found.tooWide <= 1, `${name}: the page stays as wide as the window (${found.tooWide} px more)`);
  await page.screenshot({ path: `${folder}/hostile-${name}.png` });
  return found;
}
const open = (name) => page.goto(`${base}#/${name}`);

await page.goto(base);
await page.waitForSelector('svg .edge', { timeout: 30000 });
check((await look('graph')).shown, 'graph: the name is there as text');
await page.locator('details summary').first().click();
await page.locator('svg .edge').first().focus();
await page.keyboard.press('Enter');
await page.waitForSelector('aside');
check((await look('edge')).shown, 'edge: the path is there as text');
await open('services');
await look('services');
await page.locator('tbody a').first().click();
await look('service');
await open('workloads');
await look('workloads');
await page.locator('tbody a').first().click();
await look('workload');
await open('policies');
check((await look('policies')).shown, 'policies: the finding is there as text');
await page.locator('.files nav a').first().click();
await page.waitForSelector('.code .line');
check((await look('policy')).shown, 'policy: the line is there as text');
await open('history');
await look('history');
await page.locator('tbody a').first().click();
await page.waitForSelector('h3');
await look('commit');
await open('explain');
await page.locator('input[list]').fill('"><img src=x onerror=harmed++>');
await page.locator('form input').nth(2).fill('/<img src=x onerror=harmed++>');
await page.locator('button[type=submit]').click();
await page.waitForSelector('#answer, .bad');
await look('explain');
await open('canary');
await page.locator('select').first().selectOption({ index: 1 });
await look('canary');
await open('tap');
await page.locator('input[type=password]').fill(token);
await page.locator('button[type=submit]').click();
await page.waitForSelector('tbody tr', { timeout: 20000 });
await page.locator('tbody tr').first().click();
check((await look('tap')).shown, 'tap: the header is there as text');
await page.goto(`${base}#/policies/${encodeURIComponent('<img src=x onerror=harmed++>')}/1`);
await look('address');
await page.goto(`${base}#/workloads/%E0%A4%A/%3Cscript%3E`);
await look('broken-address');
check(asked.length === 0, 'nothing is fetched from elsewhere ' + asked.join(' '));
const expected = (c) => /status of 40[04]/.test(c);
const unexpected = complaints.filter((c) => !expected(c));
check(unexpected.length === 0, 'the browser has nothing to complain of' + unexpected.map((c) => '\n     ' + c).join(''));
await browser.close();
process.exit(failures.length ? 1 : 0);
