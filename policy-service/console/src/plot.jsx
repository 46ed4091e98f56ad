// A plot over time. The canvas follows the theme; the numbers are in the tables beside it.
import uPlot from 'uplot';
import { useEffect, useRef } from 'preact/hooks';

const COLOURS = ['#2a7de1', '#d9480f', '#2b8a3e', '#862e9c'];

const clock = (plot, at) => at.map((s) => new Date(s * 1000).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', hour12: false }));

export function Plot({ title, points, lines, theme }) {
  const place = useRef();
  const plot = useRef(null);
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
  return (
    <figure>
      <figcaption>{title} {lines.length > 1 && lines.map((line, i) => <span key={line.name} class={'key k' + (i % COLOURS.length)}>{line.name}</span>)}</figcaption>
      <div ref={place} class="plot" role="img" aria-label={title} />
    </figure>
  );
}

export function GoldenSignals({ points, t, theme }) {
  const settled = points.slice(0, -1);
  return (
    <div class="plots">
      <Plot title={t('rateTitle')} points={settled} theme={theme} lines={[{ name: t('rate'), value: (p) => p.numbers.rate }]} />
      <Plot title={t('errorShare')} points={settled} theme={theme} lines={[
        { name: t('errors'), value: (p) => (p.numbers.requests ? (100 * p.numbers.errors) / p.numbers.requests : 0) },
        { name: t('denied'), value: (p) => (p.numbers.requests ? (100 * p.numbers.denied) / p.numbers.requests : 0) }]} />
      <Plot title={t('latency')} points={settled} theme={theme} lines={[
        { name: 'p50', value: (p) => p.numbers.p50 }, { name: 'p95', value: (p) => p.numbers.p95 }, { name: 'p99', value: (p) => p.numbers.p99 }]} />
    </div>
  );
}
