// Chunks lie beside module.js, wherever Grafana serves it from (sub-path, CDN): the AMD module object knows.
import amdModule from 'amd-module';

const uri = amdModule?.uri;
__webpack_public_path__ = uri ? uri.slice(0, uri.lastIndexOf('/') + 1) : 'public/plugins/evenkeel-loadbalancer-app/';
