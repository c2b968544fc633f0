/** Tests run the same bytes that Node runs: types are stripped, nothing is compiled. */
export default {
  testMatch: ['<rootDir>/{contract,core,sidecar,house,src,preview,e2e,.config}/**/*.test.ts'],
  transform: { '\\.ts$': '<rootDir>/.config/strip-types.cjs' },
  extensionsToTreatAsEsm: ['.ts'],
  testEnvironment: 'node',
  maxWorkers: 2,
  testTimeout: 30_000,
  reporters: ['default', '<rootDir>/.config/tally-reporter.cjs'],
};
