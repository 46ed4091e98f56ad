// Opens every page of a running console in Chromium, checks that it shows live data and that the
// browser has nothing to complain of, and keeps pictures.
//
//   node browse.mjs BASE-URL [FOLDER] [OPERATOR-TOKEN]
import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';

const [base, folder = 'target/console', token = ''] = process.argv.slice(2);
if (!base) {
  console.error('usage: node browse.mjs BASE-URL [FOLDER] [OPERATOR-TOKEN]');
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
await page.locator('section > div > details > summary').click();
await page.waitForSelector('details tbody tr');
check(await page.locator('section > div > details tbody tr').count() === await page.locator('svg .edge').count(), 'the table has every edge of the graph');

await open('services');
check(await page.locator('tbody tr').count() >= 2, 'services are listed');
await picture('services');
await page.locator('tbody a').first().click();
await page.waitForSelector('.plot canvas', { timeout: 10000 });
await page.waitForTimeout(800);
check(await page.locator('table').first().locator('tbody tr').count() > 0, 'a service has its endpoints');
await picture('service');
await open('workloads');
check(await page.locator('tbody tr').count() >= 3, 'workloads are listed');
check(/\d+ (s|min|h|d)$/.test(await page.locator('tbody tr td:last-child').first().textContent()), 'a workload has a certificate with a remaining life');
await picture('workloads');
await page.locator('tbody a').first().click();
await page.waitForSelector('.plot canvas', { timeout: 10000 });
await page.waitForTimeout(800);
await page.locator('section > details > summary').last().click();
await page.waitForSelector('details.inner code', { timeout: 10000 });
check(await page.locator('details.inner code').count() > 2, 'its configuration can be read');
await picture('workload');
await open('policies');
check(await page.locator('.files nav li').count() > 0, 'policy files are listed');
await picture('policies');
const found = page.locator('.findings .origin a');
await (await found.count() ? found.first() : page.locator('.files nav a').first()).click();
await page.waitForSelector('.code .line', { timeout: 10000 });
check(await page.locator('.code .line').count() > 3, 'a file is shown line by line');
await picture('policy');
await open('history');
await page.waitForSelector('tbody tr');
check(await page.locator('tbody tr').count() > 0, 'commits are listed');
await picture('history');
await page.locator('tbody a').first().click();
await page.waitForSelector('h3', { timeout: 10000 });
await page.waitForTimeout(1500);
await picture('commit');
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
  await page.waitForTimeout(1200);
  if (await page.locator('input[type=range]').count()) {
    await page.locator('input[type=range]').first().fill('35');
    await page.waitForSelector('.line.plus', { timeout: 5000 });
    check(await page.locator('.line.plus').count() > 0, `moving the slider of ${host} shows the lines to commit`);
    await page.waitForSelector('.changes li, section .findings li', { timeout: 15000 });
    check(await page.locator('.changes li').count() > 0, 'and what they would change');
    await picture('canary');
    break;
  }
}
await open('tap');
await page.locator('button[type=submit]').click();
await page.waitForSelector('section > .bad', { timeout: 5000 });
check((await page.locator('section > .bad').textContent()).includes('401'), 'a tap without the token is refused');
complaints.splice(0, complaints.length, ...complaints.filter((c) => !c.includes('401')));
if (token) {
  await page.locator('input[type=password]').fill(token);
  await page.locator('button[type=submit]').click();
  await page.waitForSelector('tbody tr', { timeout: 20000 });
  await page.waitForTimeout(1500);
  await page.locator('tbody tr').nth(1).click();
  check(await page.locator('dl.pairs dt').count() > 3, 'a tapped request tells its details');
  await picture('tap');
}
await page.goto(base + '#/graph');
await page.getByRole('button', { name: 'Dark' }).click();
await page.locator('header .choices button').last().click();
await page.waitForSelector('svg .edge');
check(await page.evaluate(() => document.documentElement.lang) === 'zh-CN', 'the page speaks Chinese');
check(await page.evaluate(() => document.documentElement.dataset.theme) === 'dark', 'the page is dark');
await picture('dark');
// On a telephone, in the dark and in Chinese: no page is wider than the window.
await page.setViewportSize({ width: 400, height: 860 });
for (const name of ['graph', 'services', 'workloads', 'policies', 'history', 'explain', 'canary', 'tap']) {
  await open(name);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wider <= 1, `${name} fits a narrow window`);
  await picture('narrow-' + name);
}
// Taken away: the page says so, and keeps what it had.
await page.route('**/api/v1/**', (route) => route.abort());
await page.waitForSelector('[role=alert]', { timeout: 10000 });
check(true, 'a control plane that is away is told');
await picture('away');
complaints.splice(0, complaints.length, ...complaints.filter((c) => !c.includes('ERR_FAILED')));
check(complaints.length === 0, 'the browser has nothing to complain of' + complaints.map((c) => '\n     ' + c).join(''));
await browser.close();
process.exit(failures.length ? 1 : 0);
