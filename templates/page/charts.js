// Charts: the option of each is made by the program for paper; here it gets the
// colours of the screen, its width, and tooltips.

var charts = [], printing = false, paperWidth = 672; // a line of A4 at 96 dots per inch

function drawCharts(within) {
  all('[data-chart]', within).forEach(function (box) {
    if (!charts.some(function (c) { return c.box === box; })) charts.push({ box: box, chart: draw(box) });
  });
}

function redrawCharts() {
  charts.forEach(function (c) {
    c.chart.dispose();
    if (c.box.closest('[hidden]')) c.stale = true; else c.chart = draw(c.box);
  });
  charts = charts.filter(function (c) { return !c.stale; }); // drawn when its section is shown again
}

function resizeCharts() {
  charts.forEach(function (c) { if (!c.box.closest('[hidden]')) c.chart.resize(); });
}

function draw(box) {
  var option = JSON.parse(document.getElementById(box.dataset.chart).textContent), style = getComputedStyle(root);
  if (root.dataset.theme === 'dark' && !printing) option = onDark(option);
  box.style.width = printing ? paperWidth + 'px' : '';
  box.style.height = box.dataset.height + 'px';
  var width = printing ? paperWidth : box.clientWidth;
  if (width < 480) { slant(option); stackLegend(option, width); }
  option.tooltip = Object.assign({}, option.tooltip, {
    renderMode: 'richText', confine: true, formatter: function (params) { return tooltip(params, option.labels); },
    backgroundColor: style.getPropertyValue('--paper').trim(), borderColor: style.getPropertyValue('--line').trim(),
    textStyle: { color: style.getPropertyValue('--ink').trim(), fontSize: 12 }
  });
  option.textStyle.fontFamily = getComputedStyle(document.body).fontFamily;
  var chart = echarts.init(box, null, { renderer: 'svg' });
  chart.setOption(option);
  return chart;
}

// onDark gives every colour of an option its like on a dark screen. Greys change
// places, light for dark; colours keep their hue and their order from light to
// dark, so that the ages of a bar still deepen.
function onDark(value, key) {
  if (Array.isArray(value)) return value.map(function (v) { return onDark(v, key); });
  if (typeof value === 'string' && /color$/i.test(key || '') && /^#[0-9a-f]{6}$/i.test(value)) return darkColor(value);
  if (value === null || typeof value !== 'object') return value;
  var copy = {};
  Object.keys(value).forEach(function (k) { copy[k] = onDark(value[k], k); });
  return copy;
}

function darkColor(hex) {
  var rgb = [1, 3, 5].map(function (i) { return parseInt(hex.slice(i, i + 2), 16) / 255; });
  var most = Math.max.apply(null, rgb), least = Math.min.apply(null, rgb), light = (most + least) / 2, spread = most - least;
  var saturation = spread === 0 ? 0 : spread / (1 - Math.abs(2 * light - 1));
  var hue = spread === 0 ? 0 : most === rgb[0] ? (rgb[1] - rgb[2]) / spread : most === rgb[1] ? 2 + (rgb[2] - rgb[0]) / spread : 4 + (rgb[0] - rgb[1]) / spread;
  var grey = saturation < 0.2;
  var lifted = grey ? 0.93 - 0.78 * light : 0.34 + 0.54 * light;
  return 'hsl(' + Math.round((hue * 60 + 360) % 360) + ',' + Math.round(Math.min(saturation, 0.58) * 100) + '%,' + Math.round(lifted * 100) + '%)';
}

// Every item carries its number as text, formatted once by the program.
function tooltip(params, labels) {
  var list = Array.isArray(params) ? params : [params];
  var lines = list.map(function (p) {
    var text = p.data && p.data.name !== undefined ? p.data.name : '–';
    return Array.isArray(params) ? p.seriesName + ': ' + text : text;
  });
  if (Array.isArray(params) && list.length && labels) lines.unshift(labels[list[0].dataIndex]);
  return lines.join('\n');
}

// Few labels stand side by side on a wide screen; on a narrow one they slant.
function slant(option) {
  [].concat(option.xAxis || []).forEach(function (axis) {
    if (axis.type === 'category') Object.assign(axis.axisLabel, { rotate: 40, interval: 0, hideOverlap: true });
  });
}

// A narrow screen breaks a legend into several lines, and cuts the line above it.
function stackLegend(option, width) {
  var rows = Math.ceil(option.series.length / 3);
  [].concat(option.title || []).forEach(function (title) { Object.assign(title.textStyle || {}, { width: width, overflow: 'truncate' }); });
  if (!option.legend || rows < 2 || [].concat(option.legend)[0].show === false) return;
  [].concat(option.grid).forEach(function (grid) { grid.top = 34 + 20 * rows; });
}
