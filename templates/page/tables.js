// Tables: lists are sorted by their heads, long ones filtered by a text and
// shown in part. The rows of a foot, which are sums, stay.

var fewFiltered = 10, pageSizes = [25, 50, 100], tableOf = new WeakMap();

function enhanceTables(within) {
  all('.table', within).forEach(function (box) { if (!tableOf.has(box)) tableOf.set(box, enhance(box)); });
}

function enhance(box) {
  var table = box.querySelector('table'), body = table.tBodies[0];
  var t = { body: body, rows: Array.from(body.rows), words: [], size: pageSizes[0], first: 0, column: -1, down: false };
  if ('sort' in table.dataset) addSorting(t, table);
  if (t.rows.length > fewFiltered) addFilter(t, box, table.caption.textContent);
  if (t.rows.length > pageSizes[0]) addPaging(t, box); else t.size = Infinity;
  if (t.status) box.appendChild(t.foot);
  update(t);
  return t;
}

function addSorting(t, table) {
  t.heads = Array.from(table.tHead.rows[0].cells);
  t.heads.forEach(function (head, column) {
    var button = make('button', { type: 'button', text: head.textContent });
    head.textContent = '';
    head.appendChild(button);
    button.addEventListener('click', function () { sortBy(t, column); });
  });
}

// sortBy goes from a column's first order to its other one and back to the
// order of the page. Numbers begin with the largest.
function sortBy(t, column) {
  var numbers = isNumeric(t, column);
  if (t.column !== column) { t.column = column; t.down = numbers; }
  else if (t.down === numbers) t.down = !numbers;
  else t.column = -1;
  t.heads.forEach(function (head, i) {
    if (i === t.column) head.setAttribute('aria-sort', t.down ? 'descending' : 'ascending');
    else head.removeAttribute('aria-sort');
  });
  t.first = 0;
  update(t);
}

// keyOf is what a cell is sorted by; "" where there is nothing.
function keyOf(row, column) {
  var cell = row.cells[column];
  if (!cell) return '';
  if (cell.dataset.v !== undefined) return cell.dataset.v;
  var text = (cell.querySelector('summary') || cell).textContent;
  return text.trim() === '–' ? '' : text.trim();
}

var numeral = /^[(−-]?[\d,]*\.?\d+%?\)?$/;

// numberOf reads what the program wrote: (1,234.50), −12, 45%. Two amounts too
// large to be told apart as numbers keep their order, which is no wrong one.
function numberOf(text) {
  var size = Number(text.replace(/[(),%−-]/g, ''));
  return /^[(−-]/.test(text) ? -size : size;
}

function isNumeric(t, column) {
  return t.rows.every(function (row) { var key = keyOf(row, column); return key === '' || numeral.test(key); });
}

function sorted(t) {
  if (t.column < 0) return t.rows;
  var numbers = isNumeric(t, t.column), sign = t.down ? -1 : 1;
  var collator = new Intl.Collator(root.lang, { numeric: true });
  var keyed = t.rows.map(function (row) {
    var key = keyOf(row, t.column);
    return { row: row, empty: key === '', key: numbers ? numberOf(key) : key };
  });
  keyed.sort(function (a, b) {
    if (a.empty || b.empty) return a.empty - b.empty; // what is not there comes last, either way
    return sign * (numbers ? a.key - b.key : collator.compare(a.key, b.key));
  });
  return keyed.map(function (k) { return k.row; });
}

function addFilter(t, box, caption) {
  var label = fill(said.filter, caption);
  var input = make('input', { type: 'search', 'aria-label': label, placeholder: label, autocomplete: 'off', spellcheck: 'false' });
  input.addEventListener('input', function () { t.words = wordsOf(input.value); t.first = 0; update(t); });
  t.input = input;
  box.insertBefore(make('div', { 'class': 'tools' }, [input]), box.firstChild);
  addFoot(t);
}

function addFoot(t) {
  if (t.foot) return;
  t.status = make('span', { 'class': 'status', role: 'status' });
  t.foot = make('div', { 'class': 'pager' }, [t.status]);
}

function addPaging(t, box) {
  addFoot(t);
  var select = make('select', {}, pageSizes.concat(0).map(function (n) { return make('option', { value: n, text: n || said.all }); }));
  select.addEventListener('change', function () { t.size = Number(select.value) || Infinity; t.first = 0; update(t); });
  t.previous = make('button', { type: 'button', 'aria-label': said.previous, text: '‹' });
  t.next = make('button', { type: 'button', 'aria-label': said.next, text: '›' });
  t.previous.addEventListener('click', function () { t.first = Math.max(0, t.first - t.size); update(t); });
  t.next.addEventListener('click', function () { t.first += t.size; update(t); });
  t.foot.appendChild(make('label', { text: said.rows + ' ' }, [select]));
  t.foot.appendChild(t.previous);
  t.foot.appendChild(t.next);
}

function plain(text) { return text.normalize('NFKC').toLowerCase(); }
function wordsOf(text) { return plain(text).split(/\s+/).filter(Boolean); }
function hasWords(text, words) { return words.every(function (w) { return text.indexOf(w) >= 0; }); }

function matching(t) {
  var rows = sorted(t);
  if (!t.words.length) return rows;
  return rows.filter(function (row) {
    if (row.plainText === undefined) row.plainText = plain(Array.from(row.cells, function (c) { return c.textContent; }).join(' '));
    return hasWords(row.plainText, t.words);
  });
}

// update shows the rows that match, in order, from the first of the page on.
function update(t) {
  var rows = matching(t), last = Math.min(rows.length, t.first + t.size);
  t.rows.forEach(function (row) { row.hidden = true; });
  rows.slice(t.first, last).forEach(function (row) { row.hidden = false; });
  if (t.heads) rows.forEach(function (row) { t.body.appendChild(row); });
  if (t.status) t.status.textContent = !t.next && !t.words.length ? '' : fill(t.words.length ? said.shown_filtered : said.shown, rows.length ? t.first + 1 : 0, last, rows.length, t.rows.length);
  if (t.next) { t.previous.disabled = t.first === 0; t.next.disabled = last >= rows.length; }
}

// revealRow pages to a row that a link leads to, without a filter that hides it.
function revealRow(row) {
  var t = tableOf.get(row.closest('.table'));
  if (!t || !row.hidden) return;
  var at = matching(t).indexOf(row);
  if (at < 0) { t.words = []; t.input.value = ''; at = matching(t).indexOf(row); }
  t.first = t.size === Infinity ? 0 : Math.floor(at / t.size) * t.size;
  update(t);
}
