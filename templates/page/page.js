// The page without this script is complete; with it tables sort, filter and
// page, each rep and customer has a view of its own, and a search finds them.
// It handles no number but to sort by it, and puts text into the page as text only.
var root = document.documentElement, main = document.getElementById('main'), contents = document.getElementById('contents');
var said = JSON.parse(document.getElementById('said').textContent);

// fill replaces the gaps {0}, {1} … of a text.
function fill(text) {
  var args = arguments;
  return text.replace(/\{(\d)\}/g, function (gap, n) { return String(args[Number(n) + 1]); });
}

// make makes an element with attributes, a text and children.
function make(name, attributes, children) {
  var element = document.createElement(name);
  Object.keys(attributes).forEach(function (key) {
    if (key === 'text') element.textContent = attributes.text;
    else element.setAttribute(key, attributes[key]);
  });
  (children || []).forEach(function (child) { element.appendChild(child); });
  return element;
}

function all(selector, within) { return Array.from((within || document).querySelectorAll(selector)); }

// Views: the sections of the whole book, or the one section about a rep or a
// customer. The address says which, and which figure of it.

var views = all('.view'), bookSections = all('.book'), shown = null, found = null;

// named returns the id in the address, or "".
function named() {
  try { return decodeURIComponent(location.hash.slice(1)); } catch (e) { return ''; } // a hash typed by hand need not be one
}

// place returns the element an id leads to: the element with that id, a
// document of a customer (customers/C001/document/INV-1), else what the
// beginning of the id names, so that an old link leads as near as it can.
function place(id) {
  for (var part = id; part; part = part.slice(0, Math.max(0, part.lastIndexOf('/')))) {
    var element = document.getElementById(part);
    if (!element || !main.contains(element)) continue;
    var rest = id.slice(part.length);
    return rest.indexOf('/document/') === 0 && rowNamed(element, rest.slice('/document/'.length)) || element;
  }
  return null;
}

function rowNamed(view, name) {
  return all('tbody tr', view).filter(function (row) { return row.cells[0].textContent === name; })[0];
}

function show(view) {
  shown = view;
  bookSections.forEach(function (s) { s.hidden = view !== null; });
  views.forEach(function (v) { v.hidden = v !== view; });
  var within = view ? [view] : bookSections;
  within.forEach(function (s) { enhanceTables(s); drawCharts(s); });
  if (view && !view.querySelector('.back')) {
    var link = make('a', { href: '#' + (view.dataset.kind === 'customer' ? 'customers' : bookSections[0].id), text: '‹ ' + said.back });
    view.insertBefore(make('p', { 'class': 'back' }, [link]), view.firstChild);
  }
  whereAmI();
}

// arrive shows what the address names: opens what it is folded into, goes
// there and marks it.
function arrive(moved) {
  var id = named(), target = place(id);
  if (id === 'main' || id && !target) return; // the skip link, or nothing of this page
  if (found) found.classList.remove('found');
  found = null;
  var view = target && target.closest('.view');
  if (view !== shown || !moved) show(view);
  if (!target) return;
  for (var box = target; box; box = box.parentElement) if (box.tagName === 'DETAILS') box.open = true;
  var row = target.closest('tbody tr');
  if (row) revealRow(row);
  var whole = target.tagName === 'SECTION';
  if (!whole && target.tagName !== 'DETAILS') (found = row && target === row ? row : target).classList.add('found');
  target.scrollIntoView({ block: whole ? 'start' : 'center' });
  if (whole && view) window.scrollTo(0, 0);
  var focused = whole ? target.querySelector('h2') : target;
  if (focused.tabIndex < 0) focused.tabIndex = -1;
  focused.focus({ preventScroll: true });
}

// Where one is: the link of the contents that leads to what is on the screen.

var links = all('a', contents), tools = null;

function whereAmI() {
  var id = shown ? shown.id : '';
  if (!shown) bookSections.forEach(function (s) { if (s.getBoundingClientRect().top < window.innerHeight / 3) id = s.id; });
  if (!id && bookSections.length) id = bookSections[0].id;
  var here = null;
  links.forEach(function (a) { if (decodeURIComponent(a.hash.slice(1)) === id) here = a; });
  if (!here && shown) links.forEach(function (a) { if (a.hash === '#customers') here = a; });
  links.forEach(function (a) {
    if (a === here) a.setAttribute('aria-current', 'true'); else a.removeAttribute('aria-current');
  });
  var name = shown && (!here || here.hash === '#customers') ? shown.querySelector('h2').textContent : here ? here.textContent : '';
  tools.where.textContent = name;
  if (shown && here && here.closest('details')) here.closest('details').open = true;
  document.title = (shown ? name + ' · ' : '') + document.querySelector('h1').textContent;
}

// The bar at the top: contents on a narrow screen, where one is, search, colours.

function addBar() {
  var menu = make('button', { type: 'button', 'class': 'menu', 'aria-expanded': 'false', 'aria-controls': 'contents', text: said.contents });
  var where = make('span', { 'class': 'where' });
  var search = make('button', { type: 'button', 'class': 'search', text: said.search + ' ' }, [make('kbd', { text: '/' })]);
  var themeName = make('span', {}), theme = make('button', { type: 'button', 'class': 'theme', text: '◐ ' }, [themeName]);
  function fold(open) {
    menu.setAttribute('aria-expanded', String(open));
    contents.classList.toggle('open', open);
  }
  menu.addEventListener('click', function () { fold(menu.getAttribute('aria-expanded') !== 'true'); });
  contents.addEventListener('click', function (e) { if (e.target.tagName === 'A') fold(false); });
  search.addEventListener('click', openSearch);
  theme.addEventListener('click', function () { choose(themes[(themes.indexOf(chosen) + 1) % themes.length]); });
  var bar = make('div', { 'class': 'bar', role: 'region', 'aria-label': said.search }, [menu, where, search, theme]);
  tools = { where: where, theme: theme, themeName: themeName };
  document.querySelector('.columns').before(bar);
}

// Colours: as the system has them, or as the reader chose.

var themes = ['auto', 'light', 'dark'], chosen = 'auto', darkScreen = window.matchMedia('(prefers-color-scheme: dark)');

function choose(theme) {
  chosen = themes.indexOf(theme) < 0 ? 'auto' : theme;
  try { localStorage.setItem('duepack-theme', chosen); } catch (e) { /* a page from a file may not keep anything */ }
  applyTheme();
}

function applyTheme() {
  var dark = chosen === 'dark' || chosen === 'auto' && darkScreen.matches;
  root.dataset.theme = dark ? 'dark' : 'light';
  tools.themeName.textContent = fill(said.theme, said['theme_' + chosen]);
  tools.theme.setAttribute('aria-label', tools.themeName.textContent);
  redrawCharts();
}

function start() {
  try { chosen = localStorage.getItem('duepack-theme') || 'auto'; } catch (e) { /* as above */ }
  if (themes.indexOf(chosen) < 0) chosen = 'auto';
  addBar();
  addSearch();
  applyTheme();
  arrive(false);
  root.classList.add('ready');
  window.addEventListener('hashchange', function () { arrive(true); });
  window.addEventListener('scroll', whereAmI, { passive: true });
  darkScreen.addEventListener('change', applyTheme);
  document.addEventListener('keydown', function (e) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(e.target.tagName);
    if (e.key === '/' && !typing && !e.ctrlKey && !e.metaKey && !e.altKey) { e.preventDefault(); openSearch(); }
  });
  window.addEventListener('resize', resizeCharts);
  window.addEventListener('beforeprint', function () { printing = true; redrawCharts(); });
  window.addEventListener('afterprint', function () { printing = false; redrawCharts(); });
}
