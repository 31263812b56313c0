// What npm packs: the program and the contract of playbooks as JavaScript, because Node.js strips no types under
// node_modules, and the contract's declarations. What is loaded late has a file of its own. Dependencies stay outside, but
// for those of which every start would read dozens of files.
import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** Their code is in the package, with what none of it is used left out, and so are their licenses. */
const INLINED = [
  'commander',
  'zod',
  'js-yaml',
  'canonicalize',
  'ipaddr.js',
  'cidr-tools',
  'ip-bigint',
  'p-limit',
  'yocto-queue',
]

/** What is not there outside of a checkout: the sandbox, which runs the sources of the functions, and maybe SQLite. */
const elsewhere = {
  name: 'elsewhere',
  setup({ onResolve }) {
    const instead = (filter, file) => onResolve({ filter }, () => ({ path: path(file) }))
    instead(/\/sandbox\/start\.ts$/, 'src/sandbox/outside-of-checkout.ts')
    instead(/^node:sqlite$/, 'src/store/sqlite/node-without.ts')
  },
}

const dependencies = {
  name: 'dependencies',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[^./]/ }, ({ path: name, kind, importer }) => {
      if (kind === 'entry-point') return undefined
      // CommonJS of theirs: require() of a built-in module is none that a module has.
      if (kind === 'require-call' && name.startsWith('node:')) return { path: name, namespace: 'builtin' }
      const inlined = INLINED.some((one) => name === one || name.startsWith(`${one}/`))
      // All of zod, as the contract hands it on, is read by those who write playbooks only.
      return inlined && importer !== path('src/contract.ts') ? undefined : { path: name, external: true }
    })
    const builtin = (filter, contentsOf) =>
      onLoad({ filter, namespace: 'builtin' }, ({ path: name }) => ({ contents: contentsOf(name) }))
    // Commander starts other programs for commands that are files of their own; ours are not.
    builtin(/^node:(child_process|fs)$/, () => 'module.exports = {}')
    // The module of that name opens standard input, to export it.
    builtin(/^node:process$/, () => 'module.exports = process')
    builtin(/./, (name) => `export * from '${name}'`)
  },
}

/**
 * An import of `node:fs` has Node.js load all that it exports, `promises` and the streams among it: a megabyte of memory.
 * Taken like this it is what it is without them.
 */
const fileSystem = {
  name: 'file-system',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:fs$/ }, ({ kind }) =>
      kind === 'import-statement' ? { path: 'node:fs', namespace: 'taken', sideEffects: false } : undefined,
    )
    const names = Object.keys(fs).filter((name) => /^[a-z]\w*(?<!promises)$/.test(name) && name !== 'default')
    const lines = names.map((name) => `export const ${name} = /* @__PURE__ */ of('${name}')`)
    const contents = `const of = (name) => process.getBuiltinModule('node:fs')[name]\n${lines.join('\n')}`
    onLoad({ filter: /./, namespace: 'taken' }, () => ({ contents }))
  },
}

/** What pages of reports are made of: read where the program stands. */
const PAGE = 'src/reports/page/web'

/** Builds the program and the contract into a folder; gives esbuild's account of it. */
export async function bundleProgram(outdir) {
  const { metafile } = await build({
    absWorkingDir: path('.'),
    entryPoints: {
      rectify: 'src/cli/main.ts',
      playbook: 'src/contract.ts',
      'strip-types': 'src/cli/program/strip-types.ts',
      'triage-worker': 'src/cli/lines/triage-worker.ts',
    },
    outdir,
    bundle: true,
    splitting: true,
    plugins: [elsewhere, fileSystem, dependencies],
    platform: 'node',
    format: 'esm',
    target: 'node20',
    chunkNames: '[name]-[hash]',
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: 'warning',
  })
  cpSync(path(PAGE), join(outdir, 'web'), { recursive: true })
  return metafile
}

function license(name) {
  const folder = path(`node_modules/${name}`)
  const file = readdirSync(folder).find((each) => /^license/i.test(each))
  return `${name}\n\n${readFileSync(join(folder, file), 'utf8')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = path('dist/package')
  rmSync(out, { recursive: true, force: true })
  await bundleProgram(out)
  writeFileSync(`${out}/THIRD-PARTY-LICENSES.txt`, INLINED.map(license).join(`\n${'-'.repeat(80)}\n\n`))
  const tsc = spawnSync(path('node_modules/.bin/tsc'), ['-p', path('tsconfig.package.json')], {
    stdio: 'inherit',
  })
  process.exitCode = tsc.status ?? 1
}
