// A plot over time, with its numbers as a table below. The canvas follows the theme.
import uPlot from 'uplot';
import { useEffect, useRef, useState } from 'preact/hooks';
import { millis, rate, time } from './format.js';

const COLOURS = ['#2a7de1', '#d9480f', '#2b8a3e', '#862e9c'];
const ROWS = 24;

const clock = (plot, at) => at.map((s) => new Date(s * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false }));

export function Plot({ title, points, lines, theme, t }) {
  const place = useRef();
  const plot = useRef(null);
  const [open, setOpen] = useState(false);
  const data = [points.map((p) => Date.parse(p.at) / 1000), ...lines.map((line) => points.map(line.value))];
  const shape = lines.map((l) => l.name).join() + theme;
  useEffect(() => {
    const css = getComputedStyle(document.documentElement);
    const axis = { stroke: css.getPropertyValue('--soft'), grid: { stroke: css.getPropertyValue('--line'), width: 1 }, ticks: { show: false } };
    const made = new uPlot({
      width: place.current.clientWidth || 320, height: 130, cursor: { drag: { setScale: false } }, legend: { show: false },
      axes: [{ ...axis, size: 24, space: 60, values: clock }, { ...axis, size: 44 }], scales: { y: { range: (u, min, max) => [0, Math.max(max * 1.1, 0.1)] } },
      series: [{}, ...lines.map((line, i) => ({ label: line.name, stroke: COLOURS[i % COLOURS.length], width: 2, points: { show: false } }))],
    }, data, place.current);
    plot.current = made;
    const resized = new ResizeObserver(() => place.current && made.setSize({ width: place.current.clientWidth, height: 130 }));
    resized.observe(place.current);
    return () => { resized.disconnect(); made.destroy(); plot.current = null; };
  }, [shape]);
  useEffect(() => { plot.current?.setData(data); });
  const rows = open ? points.map((p, i) => [p.at, ...lines.map((l, n) => data[n + 1][i])]).slice(-ROWS).reverse() : [];
  return (
    <figure>
      <figcaption>{title} {lines.length > 1 && lines.map((line, i) => <span key={line.name} class={'key k' + (i % COLOURS.length)}>{line.name}</span>)}</figcaption>
      <div ref={place} class="plot" role="img" aria-label={title} />
      <details class="inner" onToggle={(e) => setOpen(e.currentTarget.open)}><summary>{t('asTable')}</summary>
        {open && <div class="scroll short" tabindex={0} role="region" aria-label={title}><table><thead><tr><th>{t('time')}</th>{lines.map((l) => <th key={l.name} class="n">{l.name}</th>)}</tr></thead>
          <tbody>{rows.map(([at, ...values]) => <tr key={at}><td>{time(at)}</td>{values.map((v, i) => <td key={i} class="n">{v >= 10 ? millis(v) : rate(v)}</td>)}</tr>)}</tbody></table></div>}
      </details>
    </figure>
  );
}

export function GoldenSignals({ points, t, theme }) {
  const settled = points.slice(0, -1);
  return (
    <div class="plots">
      <Plot title={t('rateTitle')} points={settled} theme={theme} t={t} lines={[{ name: t('rate'), value: (p) => p.numbers.rate }]} />
      <Plot title={t('errorShare')} points={settled} theme={theme} t={t} lines={[
        { name: t('errors'), value: (p) => (p.numbers.requests ? (100 * p.numbers.errors) / p.numbers.requests : 0) },
        { name: t('denied'), value: (p) => (p.numbers.requests ? (100 * p.numbers.denied) / p.numbers.requests : 0) }]} />
      <Plot title={t('latency')} points={settled} theme={theme} t={t} lines={[
        { name: 'p50', value: (p) => p.numbers.p50 }, { name: 'p95', value: (p) => p.numbers.p95 }, { name: 'p99', value: (p) => p.numbers.p99 }]} />
    </div>
  );
}
