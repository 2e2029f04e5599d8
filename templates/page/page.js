'use strict';
(function () {
  // The colours of the option are those of paper; on a dark screen text, axes,
  // grid lines and the first series take the colours of the stylesheet.
  var style = getComputedStyle(document.documentElement);
  var colors = { '#4a545e': '--chart-text', '#9aa4ad': '--chart-axis', '#e6e9ec': '--chart-split', '#1d4f7c': '--accent' };

  function recolor(value) {
    if (Array.isArray(value)) return value.map(recolor);
    if (value === null || typeof value !== 'object') return value;
    var copy = {};
    Object.keys(value).forEach(function (key) {
      var name = key === 'color' && colors[value[key]];
      copy[key] = name ? style.getPropertyValue(name).trim() : recolor(value[key]);
    });
    return copy;
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

  var charts = [];
  function drawAll() {
    charts.forEach(function (c) { c.dispose(); });
    charts = [];
    document.querySelectorAll('[data-chart]').forEach(function (box) {
      var option = recolor(JSON.parse(document.getElementById(box.dataset.chart).textContent));
      slant(option, box);
      stackLegend(option, box);
      box.style.height = box.dataset.height + 'px';
      option.tooltip = Object.assign({}, option.tooltip, {
        renderMode: 'richText', confine: true, formatter: function (params) { return tooltip(params, option.labels); },
        backgroundColor: style.getPropertyValue('--paper').trim(), borderColor: style.getPropertyValue('--line').trim(),
        textStyle: { color: style.getPropertyValue('--ink').trim(), fontSize: 12 }
      });
      option.textStyle.fontFamily = getComputedStyle(document.body).fontFamily;
      var chart = echarts.init(box, null, { renderer: 'svg' });
      chart.setOption(option);
      charts.push(chart);
    });
  }

  // Few labels stand side by side on a wide screen; on a narrow one they slant.
  function slant(option, box) {
    [].concat(option.xAxis || []).forEach(function (axis) {
      if (axis.type === 'category' && box.clientWidth < 480) Object.assign(axis.axisLabel, { rotate: 40, interval: 0, hideOverlap: true });
    });
  }

  // Beside the unit of the axis a narrow screen has no room for a long legend: it
  // stands below the unit, and the bars below both.
  function stackLegend(option, box) {
    var many = option.series.length;
    if (box.clientWidth >= 480 || many < 3) return;
    [].concat(option.legend).forEach(function (legend) { Object.assign(legend, { top: 20, left: 0, right: 0, itemWidth: 14, itemGap: 8 }); });
    [].concat(option.grid).forEach(function (grid) { grid.top = 34 + 24 * Math.ceil(many / 3); });
  }

  // A link to a figure or a customer opens what it is folded into.
  function reveal() {
    var id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch (e) { return; } // a hash typed by hand need not be one
    var target = id && document.getElementById(id);
    if (!target) return;
    for (var box = target; box; box = box.parentElement) if (box.tagName === 'DETAILS') box.open = true;
    target.scrollIntoView();
  }

  drawAll();
  reveal();
  window.addEventListener('hashchange', reveal);
  window.addEventListener('resize', function () { charts.forEach(function (c) { c.resize(); }); });
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
  window.matchMedia('print').addEventListener('change', drawAll);
})();
