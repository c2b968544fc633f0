/** The plugin's id: part of its page paths and of the proxy's path. A test keeps it equal to plugin.json. */
export const PLUGIN_ID = 'evenkeel-loadbalancer-app';
