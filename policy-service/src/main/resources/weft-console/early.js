// Asks for the graph while the rest of the page is still being read; api.js takes the answer.
if (/^(#\/?(graph.*)?)?$/.test(location.hash)) {
  const path = 'graph?seconds=60';
  const response = fetch('api/v1/' + path, { cache: 'no-store' });
  response.catch(() => {}); // Whoever takes it hears of it, too.
  window.weftEarly = { path, response };
}
