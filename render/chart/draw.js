// Draws an option as SVG on a canvas of a size in pixels; measure is a function
// of svg.go. It guards against a blank chart: a series type that the library lacks leaves
// axes and no mark, without an error, so every series that has a value must
// have drawn something. The library numbers its drawings: each is told that it
// is the first, and is drawn without the styles of a pointer above it, which
// have numbers too.
echarts.setPlatformAPI({ measureText: function (text, font) { return { width: measure(String(text), String(font)) }; } });
function draw(option, width, height) {
  var parsed = JSON.parse(option);
  [].concat(parsed.title || []).forEach(function (title) { // shortened rather than cut off at the edge
    title.textStyle = Object.assign({}, title.textStyle, { width: width, overflow: 'truncate', ellipsis: '…' });
  });
  var chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: width, height: height });
  var painter = chart.getZr().painter;
  painter._id = 'zr0';
  chart.setOption(parsed);
  var svg = painter.renderToString({ cssEmphasis: false, cssAnimation: false });
  var drawn = chart.getModel().getSeries();
  (parsed.series || []).forEach(function (series, i) {
    var hasValue = (series.data || []).some(function (item) {
      return [].concat(item !== null && item.value !== undefined ? item.value : item).some(isFinite);
    });
    if (!hasValue) return;
    var marks = 0;
    var view = drawn[i] && chart.getViewOfSeriesModel(drawn[i]);
    if (view) view.group.traverse(function (element) { if (!element.isGroup) marks++; });
    if (marks === 0) throw new Error('series ' + i + ' of type ' + series.type + ' came out blank');
  });
  chart.dispose();
  return svg;
}
