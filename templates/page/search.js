// Search over customers, reps, documents and figures of the book. What it finds
// are addresses of this page.

var dialog, query, results, searchStatus, index = null, hits = [], active = -1, mostHits = 30;

function addSearch() {
  query = make('input', { type: 'search', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'results', 'aria-autocomplete': 'list', 'aria-label': said.search_hint, placeholder: said.search_hint, autocomplete: 'off', spellcheck: 'false' });
  results = make('ul', { id: 'results', role: 'listbox', 'aria-label': said.search });
  searchStatus = make('p', { 'class': 'status', role: 'status' });
  var close = make('button', { type: 'button', text: said.close });
  dialog = make('dialog', { 'class': 'finder', 'aria-label': said.search }, [make('div', { 'class': 'query' }, [query, close]), results, searchStatus]);
  main.appendChild(dialog);
  close.addEventListener('click', function () { dialog.close(); });
  query.addEventListener('input', search);
  query.addEventListener('keydown', function (e) {
    if (e.key === 'ArrowDown') move(1);
    else if (e.key === 'ArrowUp') move(-1);
    else if (e.key === 'Enter' && hits[active]) follow(hits[active]);
    else if (e.key === 'Escape') dialog.close(); // the first one would only empty the field
    else return;
    e.preventDefault();
  });
}

function openSearch() {
  if (dialog.open) return;
  index = index || buildIndex();
  dialog.showModal();
  query.select();
  search();
}

function entry(kind, name, detail, id) {
  return { kind: kind, name: name, detail: detail, id: id, begin: plain(name), text: plain(name + ' ' + detail) };
}

function buildIndex() {
  var list = [];
  all('#customers tbody tr').forEach(function (row) {
    var link = row.cells[0].querySelector('a');
    if (link || row.id) list.push(entry('customer', row.cells[0].textContent, row.cells[1].textContent, link ? decodeURIComponent(link.hash.slice(1)) : row.id));
  });
  views.forEach(function (view) {
    var name = view.querySelector('h2').textContent;
    if (view.dataset.kind !== 'customer') { list.push(entry('rep', nameInContents(view.id) || name, view.id.slice(view.id.indexOf('/') + 1), view.id)); return; }
    all('.open tbody tr', view).forEach(function (row) {
      var document = row.cells[0].textContent;
      list.push(entry('document', document, name, view.id + '/document/' + document));
    });
  });
  all('.book .tiles > [id]').forEach(function (box) {
    list.push(entry('figure', box.querySelector('dt').textContent, box.querySelector('dd').textContent, box.id));
  });
  all('#figures tbody tr').forEach(function (row) {
    var cell = row.cells[1], link = cell.querySelector('a'), subject = row.closest('details').querySelector('summary').textContent;
    list.push(entry('figure', row.cells[0].textContent, subject + ': ' + cell.textContent, link ? decodeURIComponent(link.hash.slice(1)) : cell.id));
  });
  return list;
}

function nameInContents(id) {
  var link = links.filter(function (a) { return decodeURIComponent(a.hash.slice(1)) === id; })[0];
  return link && link.textContent;
}

function search() {
  var words = wordsOf(query.value), matches = words.length ? index.filter(function (e) { return hasWords(e.text, words); }) : [];
  matches.sort(function (a, b) { return (a.begin.indexOf(words[0]) !== 0) - (b.begin.indexOf(words[0]) !== 0); });
  hits = matches.slice(0, mostHits);
  results.textContent = '';
  hits.forEach(function (hit, i) {
    var item = make('li', { id: 'hit-' + i, role: 'option', 'aria-selected': 'false' }, [
      make('span', { 'class': 'what', text: said[hit.kind] }), make('bdi', { text: hit.name }), make('bdi', { 'class': 'detail', text: hit.detail })]);
    item.addEventListener('click', function () { follow(hit); });
    results.appendChild(item);
  });
  results.hidden = !hits.length;
  query.setAttribute('aria-expanded', String(hits.length > 0));
  searchStatus.textContent = !words.length ? '' : !hits.length ? said.search_none : matches.length > hits.length ? fill(said.search_more, matches.length, hits.length) : '';
  active = -1;
  move(1);
}

function move(by) {
  if (!hits.length) { query.removeAttribute('aria-activedescendant'); return; }
  if (active >= 0) results.children[active].setAttribute('aria-selected', 'false');
  active = (active + by + hits.length) % hits.length;
  results.children[active].setAttribute('aria-selected', 'true');
  results.children[active].scrollIntoView({ block: 'nearest' });
  query.setAttribute('aria-activedescendant', 'hit-' + active);
}

function follow(hit) {
  dialog.close();
  var hash = '#' + encodeURIComponent(hit.id).replace(/%2F/g, '/');
  if (location.hash === hash) arrive(true); else location.hash = hash;
}
