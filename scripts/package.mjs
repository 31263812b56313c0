// What npm packs: the program and the contract of playbooks as JavaScript, because Node.js strips no types under
// node_modules, and the contract's declarations. Dependencies stay outside; what is loaded late has a file of its own.
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const OUT = path('dist/package')

/** What is not there outside of a checkout: the sandbox, which runs the sources of the functions, and maybe SQLite. */
const elsewhere = {
  name: 'elsewhere',
  setup({ onResolve }) {
    const instead = (filter, file) => onResolve({ filter }, () => ({ path: path(file) }))
    instead(/\/sandbox\/start\.ts$/, 'src/sandbox/outside-of-checkout.ts')
    instead(/^node:sqlite$/, 'src/store/sqlite/node-without.ts')
  },
}

rmSync(OUT, { recursive: true, force: true })
await build({
  absWorkingDir: path('.'),
  entryPoints: {
    rectify: 'src/cli/main.ts',
    playbook: 'src/contract.ts',
    'strip-types': 'src/cli/program/strip-types.ts',
  },
  outdir: OUT,
  bundle: true,
  splitting: true,
  packages: 'external',
  plugins: [elsewhere],
  platform: 'node',
  format: 'esm',
  target: 'node20',
  chunkNames: '[name]-[hash]',
  logLevel: 'warning',
})
const tsc = spawnSync(path('node_modules/.bin/tsc'), ['-p', path('tsconfig.package.json')], {
  stdio: 'inherit',
})
process.exitCode = tsc.status ?? 1
