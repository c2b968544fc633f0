import { fileURLToPath } from 'node:url';

// Worker threads that tests start strip types through WebAssembly otherwise, each anew: slow, and V8 does not always survive
// that such a thread is ended while its code is still being optimised.
process.env.NODE_COMPILE_CACHE ??= fileURLToPath(new URL('node_modules/.cache/evenkeel-tests', import.meta.url));

/** Tests run the same bytes that Node runs: types are stripped, nothing is compiled. */
export default {
  testMatch: ['<rootDir>/{contract,core,engine,lab,sidecar,cli,checks,src,preview,e2e,.config}/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/.config/strip-types.cjs' },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  // Three on the two cores that CI has: tests wait more than they work.
  maxWorkers: 3,
  // A busy machine may take twenty times as long as an idle one.
  testTimeout: 120_000,
  reporters: ['default', '<rootDir>/.config/tally-reporter.cjs'],
};
