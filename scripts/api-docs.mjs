// Writes docs/api/README.md, the reference of `rectify/playbook`, from its docstrings; with --check it only says whether
// that is up to date. TypeDoc needs a TypeScript that is a library, which the compiler of this checkout no longer is: both
// are installed once, pinned, into .sandbox.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const PACKAGES = ['typedoc@0.28.20', 'typedoc-plugin-markdown@4.14.1', 'typescript@6.0.3']
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
const TOOLS = path('.sandbox/api-docs')
const WRITTEN = path('docs/api/README.md')

function install() {
  const installed = join(TOOLS, 'installed')
  if (existsSync(installed) && readFileSync(installed, 'utf8') === PACKAGES.join(' ')) return
  rmSync(TOOLS, { recursive: true, force: true })
  mkdirSync(TOOLS, { recursive: true })
  writeFileSync(join(TOOLS, 'package.json'), '{ "private": true }\n')
  run('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...PACKAGES], TOOLS)
  writeFileSync(installed, PACKAGES.join(' '))
}

function run(command, args, cwd) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with status ${status}\n${stdout}${stderr}`)
}

/** TypeDoc writes out what is one of an AWS client's operations, several kilobytes each time. */
const OPERATIONS = /(?:\\\| )?`?"[\w$]+"`?(?: \\?\| `?"[\w$]+"`?){9,}/g

/** The reference as Markdown, in one file. */
function reference() {
  const out = mkdtempSync(join(tmpdir(), 'rectify-docs-'))
  try {
    const options = {
      ...{
        entryPoints: [path('src/contract.ts')],
        tsconfig: path('tsconfig.package.json'),
        out,
        name: 'rectify/playbook',
      },
      ...{ plugin: [join(TOOLS, 'node_modules/typedoc-plugin-markdown/dist/index.js')], router: 'module' },
      ...{
        readme: 'none',
        disableSources: true,
        disableGit: true,
        excludeExternals: true,
        hidePageHeader: true,
      },
      ...{ hideBreadcrumbs: true, parametersFormat: 'table', interfacePropertiesFormat: 'table' },
      ...{
        typeDeclarationFormat: 'table',
        useCodeBlocks: true,
        treatWarningsAsErrors: false,
        logLevel: 'Error',
      },
    }
    const file = join(out, 'typedoc.json')
    writeFileSync(file, JSON.stringify(options))
    run(process.execPath, [join(TOOLS, 'node_modules/typedoc/bin/typedoc'), '--options', file], path('.'))
    return readFileSync(join(out, 'README.md'), 'utf8').replaceAll(OPERATIONS, '*names of operations*')
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

install()
const text = reference()
if (!process.argv.includes('--check')) writeFileSync(WRITTEN, text)
else if (!existsSync(WRITTEN) || readFileSync(WRITTEN, 'utf8') !== text) {
  console.error('docs/api/README.md is not what the docstrings of rectify/playbook say: run npm run api-docs')
  process.exitCode = 1
} else console.log('docs/api/README.md: as the docstrings of rectify/playbook say')
