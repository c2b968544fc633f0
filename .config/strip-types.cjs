const { stripTypeScriptTypes } = require('node:module');

/** Jest transform: what Node itself does to a .ts file, so line and column numbers stay. */
module.exports = { process: (source) => ({ code: stripTypeScriptTypes(source, { mode: 'strip' }) }) };
