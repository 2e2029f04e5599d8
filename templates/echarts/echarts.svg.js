// The parts of Apache ECharts that charts on paper need; `make echarts` bundles
// them to echarts.svg.min.js. A chart that needs a part which is not listed is
// drawn without it and without an error: TestPaperIsDrawnAsThePageIs finds that.
import { init, Model, setPlatformAPI, use } from 'echarts/core';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridSimpleComponent, LegendPlainComponent, MarkAreaComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { LegacyGridContainLabel } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import { SPECIAL_STATES } from 'echarts/lib/util/states.js';

use([BarChart, LineChart, ScatterChart, GridSimpleComponent, LegendPlainComponent, MarkAreaComponent, MarkLineComponent, TitleComponent,
  LegacyGridContainLabel, SVGRenderer]);

// Nothing points at paper. For every mark the library works out how it would look
// under the pointer, beside it and chosen, which is an eighth of drawing. Here
// there are no such states, and their settings, where something still asks for
// them, say nothing.
SPECIAL_STATES.length = 0;
const nothing = new Model({ disabled: true });
nothing.getItemStyle = nothing.getLineStyle = nothing.getAreaStyle = () => ({});
const getModel = Model.prototype.getModel;
Model.prototype.getModel = function (path, parent) {
  const first = Array.isArray(path) ? path[0] : path;
  return first === 'emphasis' || first === 'blur' || first === 'select' ? nothing : getModel.call(this, path, parent);
};

export { init, setPlatformAPI };
