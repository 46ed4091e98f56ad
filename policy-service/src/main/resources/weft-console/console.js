'use strict';

const INTERVAL_MS = 2000;

// Everything that is shown is set as text, never as markup: names come from other people's files.
function element(tag, text, className) {
  const made = document.createElement(tag);
  if (text !== undefined && text !== null) made.textContent = String(text);
  if (className) made.className = className;
  return made;
}

function fill(id, nodes, emptyText, columns) {
  const target = document.getElementById(id);
  if (nodes.length === 0 && emptyText) {
    if (columns) {
      const row = element('tr');
      const cell = element('td', emptyText, 'empty');
      cell.colSpan = columns;
      row.append(cell);
      nodes = [row];
    } else {
      nodes = [element('li', emptyText, 'empty')];
    }
  }
  target.replaceChildren(...nodes);
}

function row(...cells) {
  const made = element('tr');
  for (const cell of cells) {
    const td = element('td');
    if (cell && cell.node) {
      td.append(cell.node);
      if (cell.wrap) td.className = 'wrap';
    } else {
      td.textContent = cell === undefined || cell === null ? '' : String(cell);
    }
    made.append(td);
  }
  return made;
}

function code(text) { return { node: element('code', text) }; }
function shortCommit(commit) { return commit ? commit.slice(0, 8) : '–'; }
function when(text) { return text ? new Date(text).toLocaleString() : '–'; }

function workloadState(workload) {
  if (workload.refusal) {
    return { node: element('span', 'refused: ' + workload.refusal.reason, 'bad'), wrap: true };
  }
  if (!workload.connected) return { node: element('span', 'not connected', 'warn') };
  if (!workload.inSync) return { node: element('span', 'on its way', 'warn') };
  return { node: element('span', workload.ready ? 'in sync' : 'in sync, not ready', 'good') };
}

function showStatus(status) {
  const commit = status.inForce;
  document.getElementById('commit').textContent = commit
    ? 'in force: ' + (commit.shortCommit || 'not from Git') + (commit.message ? ' – ' + commit.message : '')
    : 'nothing in force yet';
  const facts = [
    ['Revision', status.revision || '–'],
    ['In force since', when(status.since)],
    ['Files', commit ? commit.files : '–'],
    ['Source', status.source.description + (status.source.error ? ' – ' + status.source.error : '')],
    ['Sidecars in sync', status.inSync + ' of ' + status.connected + ' connected'],
    ['Trust domain', status.authority.trustDomain],
    ['Certificates issued', status.authority.issued],
    ['Authority valid until', when(status.authority.expiresAt)],
    ['Ports', 'join ' + status.ports.join + ', mesh ' + status.ports.mesh],
  ];
  for (const keys of status.keySets) {
    facts.push(['Keys of ' + keys.uri, keys.error ? keys.error + (keys.fetchedAt ? ' (last good ones in use)' : '') : 'fetched ' + when(keys.fetchedAt)]);
  }
  fill('facts', facts.flatMap(([name, value]) => [element('dt', name), element('dd', value)]));
  const refused = document.getElementById('refused');
  refused.hidden = !status.refused;
  if (status.refused) {
    document.getElementById('refused-commit').textContent =
      (status.refused.commit.shortCommit || 'not from Git') + ' by ' + (status.refused.commit.author || 'unknown') +
      ', ' + when(status.refused.at) + '. What was in force before stays in force.';
    fill('refused-diagnostics', status.refused.diagnostics.map(diagnostic));
  }
}

function diagnostic(found) {
  const levels = { Error: 'bad', Warning: 'warn', Info: '' };
  return element('li', found.text, levels[found.level] || '');
}

function showWorkloads(workloads) {
  document.getElementById('workload-count').textContent = workloads.length;
  fill('workloads', workloads.map(w => row(
    w.instance + (w.gateway ? ' (gateway)' : ''), w.namespace + '/' + w.workload, code(w.identity),
    workloadState(w), shortCommit(w.acknowledgedCommit), code(w.acknowledgedRevision || '–'), w.resources)),
  'No workload has joined yet.', 7);
}

function showServices(services) {
  document.getElementById('service-count').textContent = services.length;
  const rows = services.flatMap(service => service.ports.map(port => row(
    service.host, port.port, port.protocol,
    port.endpoints.length === 0
      ? { node: element('span', 'none', service.external ? '' : 'warn') }
      : port.endpoints.map(e => e.id).join(', '),
    service.origin)));
  fill('services', rows, 'No service is known yet.', 5);
}

function showCommits(commits) {
  fill('commits', commits.map(c => row(
    code(c.commit.shortCommit || 'not from Git'), when(c.at), c.commit.author,
    { node: element('span', c.commit.message), wrap: true },
    { node: c.accepted
      ? element('span', 'in force, ' + c.warnings + ' warnings', 'good')
      : element('span', 'refused, ' + c.errors + ' errors', 'bad') })),
  'No commit yet.', 5);
}

async function get(path) {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  if (!response.ok) throw new Error(path + ': ' + response.status);
  return response.json();
}

async function refresh() {
  const live = document.getElementById('live');
  try {
    const [status, workloads, services, diagnostics, commits] = await Promise.all(
      ['status', 'workloads', 'services', 'diagnostics', 'commits'].map(name => get('/api/v1/' + name)));
    showStatus(status);
    showWorkloads(workloads);
    showServices(services);
    document.getElementById('diagnostic-count').textContent = diagnostics.inForce.length;
    fill('diagnostics', diagnostics.inForce.map(diagnostic), 'None.');
    showCommits(commits);
    live.textContent = 'live, ' + new Date().toLocaleTimeString();
    live.className = '';
  } catch (e) {
    live.textContent = 'control plane does not answer';
    live.className = 'lost';
  }
  setTimeout(refresh, INTERVAL_MS);
}

refresh();
