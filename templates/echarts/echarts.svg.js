// The parts of Apache ECharts that charts on paper need; `make echarts` bundles
// them to echarts.svg.min.js. A chart that needs a part which is not listed is
// drawn without it and without an error: TestPaperIsDrawnAsThePageIs finds that.
import { init, setPlatformAPI, use } from 'echarts/core';
import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridSimpleComponent, LegendPlainComponent, MarkAreaComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { LegacyGridContainLabel } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';

use([BarChart, LineChart, ScatterChart, GridSimpleComponent, LegendPlainComponent, MarkAreaComponent, MarkLineComponent, TitleComponent,
  LegacyGridContainLabel, SVGRenderer]);

export { init, setPlatformAPI };
