// What the engine says about a request: route, weights, filters, connection, policies, decision.
import { Origin, Text } from './parts.jsx';

const MEANING = { ALLOWED: 'good', DENIED: 'bad', NO_ROUTE: 'bad', ASKS_EXTERNAL: 'warn', ANSWERED: 'warn' };

function Guard({ guard, title, t }) {
  if (!guard) return null;
  return (
    <>
      <h4>{title}</h4>
      {guard.token && guard.token.outcome !== 'none' && <p>JWT: {guard.token.outcome} <Text short={80}>{guard.token.principal}</Text> <Text short={160}>{guard.token.reason}</Text> <Origin origin={guard.token.origin} /></p>}
      <ol class="steps">
        {guard.layers.flatMap((layer) => [
          ...layer.steps.map((step, i) => (
            <li key={layer.dialect + i} class={step.decides ? 'decides' : ''}>
              <b>{t(step.action)}</b>{step.shadow ? ` (${t('dryRun')})` : ''} {step.matched ? '✓' : '–'} <Origin origin={step.origin} />
            </li>)),
          !layer.decided && <li key={layer.dialect + 'otherwise'} class="decides"><b>{t(layer.otherwise)}</b> <Origin origin={layer.otherwiseOrigin} /></li>,
        ])}
      </ol>
    </>
  );
}

export function Reasons({ explanation, t }) {
  const { route, mtls, gateway, server, decision } = explanation;
  return (
    <div class="reasons">
      <p class={'verdict ' + (MEANING[decision.result] || '')}><b>{t(decision.result)}</b> {decision.status || ''} – <Text short={300}>{decision.reason}</Text> <Origin origin={decision.origin} /></p>
      {route && <>
        <h4>{t('route')}</h4>
        <p><Text short={120}>{route.route || route.virtualHost || route.table}</Text> <Origin origin={route.routeOrigin} /></p>
        {route.destinations.length > 0 && <div class="scroll"><table><thead><tr><th>{t('weights')}</th><th class="n">%</th><th class="n">{t('endpoints')}</th><th>{t('file')}</th></tr></thead><tbody>
          {route.destinations.map((d) => <tr key={d.destination}><td><Text short={90}>{d.destination}</Text></td><td class="n">{d.percent.toFixed(1)}</td><td class={'n ' + (d.endpoints ? '' : 'warn')}>{d.endpoints}</td><td><Origin origin={d.origin} /></td></tr>)}
        </tbody></table></div>}
        {route.filters.length > 0 && <><h4>{t('filters')}</h4><ul>{route.filters.map((f, i) => <li key={i} class={f.applies ? '' : 'soft'}>{f.kind} <Text short={160}>{f.detail}</Text> <Origin origin={f.origin} /></li>)}</ul></>}
        {route.retries && <p>{t('retries')}: {route.retries.retries} (<Text short={120}>{route.retries.on.join(', ')}</Text>) <Origin origin={route.retries.origin} /></p>}
      </>}
      {mtls && <><h4>{t('security')}</h4><p class={mtls.fits ? '' : 'bad'}>{mtls.client} <Origin origin={mtls.clientOrigin} /> → {mtls.server} <Origin origin={mtls.serverOrigin} /></p></>}
      <Guard guard={gateway} title={t('consultedGateway')} t={t} />
      <Guard guard={server} title={t('consulted')} t={t} />
    </div>
  );
}
