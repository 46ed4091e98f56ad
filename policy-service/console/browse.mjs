// Opens every page of a running console in Chromium, checks that it shows live data and that the
// browser has nothing to complain of, and keeps pictures.
//
//   node browse.mjs BASE-URL [FOLDER]
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const [base, folder = 'target/console'] = process.argv.slice(2);
if (!base) {
  console.error('usage: node browse.mjs BASE-URL [FOLDER]');
  process.exit(64);
}
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
const failures = [];
const check = (holds, what) => { console.log(`${holds ? 'ok  ' : 'FAIL'} ${what}`); if (!holds) failures.push(what); };
const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, locale: 'en-GB', colorScheme: 'light' });
const complaints = [];
page.on('console', (m) => ['error', 'warning'].includes(m.type()) && complaints.push(m.text()));
page.on('pageerror', (e) => complaints.push(e.message));
const picture = (name) => page.screenshot({ path: `${folder}/${name}.png` });
const open = async (name) => { await page.goto(`${base}#/${name}`); await page.waitForTimeout(1200); };

await page.goto(base);
await page.waitForSelector('svg .edge', { timeout: 60000 });
check(await page.locator('svg .node').count() >= 3, 'the graph has nodes');
check(await page.locator('svg .edge .lock').count() >= 1, 'an edge with mTLS has a padlock');
const first = await page.locator('svg .edge text').first().textContent();
check(/\d/.test(first), `an edge shows its rate: ${first}`);
await picture('graph');
await page.locator('svg .edge').first().focus();
await page.keyboard.press('ArrowRight');
await page.keyboard.press('Enter');
await page.waitForSelector('aside .verdict', { timeout: 10000 });
check((await page.locator('aside .verdict').textContent()).length > 5, 'an edge opened by the keyboard says why its requests pass');
await page.waitForTimeout(800);
await picture('edge');
await page.keyboard.press('Escape');
check(await page.locator('aside').count() === 0, 'Escape closes it');
await page.locator('details summary').click();
check(await page.locator('details tbody tr').count() === await page.locator('svg .edge').count(), 'the table has every edge of the graph');

await open('workloads');
check(await page.locator('tbody tr').count() >= 3, 'workloads are listed');
await picture('workloads');
await page.locator('tbody a').first().click();
await page.waitForSelector('.plot canvas', { timeout: 10000 });
await page.waitForTimeout(800);
await picture('workload');
await open('policies');
check(await page.locator('.findings li').count() + await page.locator('table tbody tr').count() > 0, 'findings and commits are shown');
await picture('policies');
await open('explain');
await page.locator('input[list]').fill(await page.locator('datalist option').first().getAttribute('value'));
await page.locator('button[type=submit]').click();
await page.waitForSelector('#answer .verdict', { timeout: 10000 });
check(true, 'a question is answered');
await picture('explain');
await open('canary');
for (const host of await page.locator('select option').allTextContents()) {
  if (!host) continue;
  await page.locator('select').first().selectOption(host);
  await page.waitForTimeout(700);
  if (await page.locator('input[type=range]').count()) {
    await page.locator('input[type=range]').fill('35');
    await page.waitForTimeout(700);
    check(await page.locator('.diff .plus').count() > 0, `moving the slider of ${host} shows the lines to commit`);
    await picture('canary');
    break;
  }
}
await open('tap');
await page.locator('button[type=submit]').click();
await page.waitForSelector('.bad', { timeout: 5000 });
check((await page.locator('section > .bad').textContent()).includes('401'), 'a tap without the token is refused');
complaints.splice(0, complaints.length, ...complaints.filter((c) => !c.includes('401')));
await page.goto(base + '#/graph');
await page.getByRole('button', { name: 'Dark' }).click();
await page.locator('header button').last().click();
await page.waitForSelector('svg .edge');
check(await page.evaluate(() => document.documentElement.lang) === 'zh', 'the page speaks Chinese');
check(await page.evaluate(() => document.documentElement.dataset.theme) === 'dark', 'the page is dark');
await picture('dark');
check(complaints.length === 0, 'the browser has nothing to complain of' + complaints.map((c) => '\n     ' + c).join(''));
await browser.close();
process.exit(failures.length ? 1 : 0);
