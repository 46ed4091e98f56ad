// What the engine says about a request: route, weights, filters, connection, policies, decision.
import { originText } from './format.js';

const MEANING = { ALLOWED: 'good', DENIED: 'bad', NO_ROUTE: 'bad', ASKS_EXTERNAL: 'warn', ANSWERED: 'warn' };

function Origin({ origin }) {
  return origin ? <code class="origin">{originText(origin)}</code> : null;
}

function Guard({ guard, title, t }) {
  if (!guard) return null;
  return (
    <>
      <h4>{title}</h4>
      {guard.token && guard.token.outcome !== 'none' && <p>JWT: {guard.token.outcome} {guard.token.principal} {guard.token.reason} <Origin origin={guard.token.origin} /></p>}
      <ol class="steps">
        {guard.layers.flatMap((layer) => [
          ...layer.steps.map((step, i) => (
            <li key={layer.dialect + i} class={step.decides ? 'decides' : ''}>
              <b>{step.action}</b>{step.shadow ? ' (dry run)' : ''} {step.matched ? '✓' : '–'} <Origin origin={step.origin} />
            </li>)),
          !layer.decided && <li key={layer.dialect + 'otherwise'} class="decides"><b>{layer.otherwise}</b> <Origin origin={layer.otherwiseOrigin} /></li>,
        ])}
      </ol>
    </>
  );
}

export function Reasons({ explanation, t }) {
  const { route, mtls, gateway, server, decision } = explanation;
  return (
    <div class="reasons">
      <p class={'verdict ' + (MEANING[decision.result] || '')}><b>{decision.result}</b> {decision.status || ''} – {decision.reason} <Origin origin={decision.origin} /></p>
      {route && <>
        <h4>{t('route')}</h4>
        <p>{route.route || route.virtualHost || route.table} <Origin origin={route.routeOrigin} /></p>
        {route.destinations.length > 0 && <table><thead><tr><th>{t('weights')}</th><th class="n">%</th><th class="n">{t('endpoints')}</th><th /></tr></thead><tbody>
          {route.destinations.map((d) => <tr key={d.destination}><td>{d.destination}</td><td class="n">{d.percent.toFixed(1)}</td><td class="n">{d.endpoints}</td><td><Origin origin={d.origin} /></td></tr>)}
        </tbody></table>}
        {route.filters.length > 0 && <><h4>{t('filters')}</h4><ul>{route.filters.map((f, i) => <li key={i} class={f.applies ? '' : 'soft'}>{f.kind} {f.detail} <Origin origin={f.origin} /></li>)}</ul></>}
        {route.retries && <p>{t('retries')}: {route.retries.retries} ({route.retries.on.join(', ')}) <Origin origin={route.retries.origin} /></p>}
      </>}
      {mtls && <><h4>{t('security')}</h4><p class={mtls.fits ? '' : 'bad'}>{mtls.client} <Origin origin={mtls.clientOrigin} /> → {mtls.server} <Origin origin={mtls.serverOrigin} /></p></>}
      <Guard guard={gateway} title={t('consulted') + ' (gateway)'} t={t} />
      <Guard guard={server} title={t('consulted')} t={t} />
    </div>
  );
}
