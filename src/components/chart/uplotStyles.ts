import { injectGlobal } from '@emotion/css';
import uplotCss from 'uplot/dist/uPlot.min.css';

// Grafana loads the same rules only with its own panels; a page of a plugin may come first.
injectGlobal(uplotCss);
