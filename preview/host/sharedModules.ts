import * as emotionCss from '@emotion/css';
import * as emotionReact from '@emotion/react';
import * as grafanaData from '@grafana/data';
import * as grafanaRuntime from '@grafana/runtime';
import * as grafanaUi from '@grafana/ui';
import * as lodash from 'lodash';
import * as react from 'react';
import * as jsxRuntime from 'react/jsx-runtime';
import * as reactDom from 'react-dom';
import * as reactRouter from 'react-router';
import * as rxjs from 'rxjs';
import { HostPluginPage } from './HostPluginPage.tsx';

/** Modules that Grafana hands to a plugin by name. `PluginPage` lives in Grafana's core; ours stands in for it. */
export const sharedModules: Readonly<Record<string, unknown>> = {
  '@emotion/css': emotionCss,
  '@emotion/react': emotionReact,
  '@grafana/data': grafanaData,
  '@grafana/runtime': { ...grafanaRuntime, PluginPage: HostPluginPage },
  '@grafana/ui': grafanaUi,
  lodash,
  react,
  'react/jsx-runtime': jsxRuntime,
  'react-dom': reactDom,
  'react-router': reactRouter,
  rxjs,
};
