/** ES modules and TypeScript by swc (ts-jest does not run on TypeScript 7). */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
      },
    ],
  },
  // With the checkout it goes too.
  cacheDirectory: '<rootDir>/node_modules/.cache/jest',
  globalSetup: '<rootDir>/test/support/temporary-folder.mjs',
  globalTeardown: '<rootDir>/test/support/nothing-left.mjs',
  testSequencer: '<rootDir>/test/support/longest-first.mjs',
  // Three files at a time, on two cores too: the longest of them wait for a redelivery or for Slack's limits.
  maxWorkers: 3,
  // Every file leaves modules behind; what has grown to this is begun anew.
  workerIdleMemoryLimit: '1500MB',
  testTimeout: 60_000,
}
