// Writes src/lambda/own-modules.ts: the files of the folder that `playbooks:` of rectify.yaml names, for esbuild to bundle
// into the functions. npm runs it whenever it installs, so `sam build`, which installs, has them as they are.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const WRITTEN = 'src/lambda/own-modules.ts'
/** As in src/cli/program/own-playbooks.ts, which not every Node.js that installs could load. */
const MODULES = /^(?!.*\.test\.)(?!.*\.d\.ts$).*\.(ts|js|mjs)$/

/**
 * The text of own-modules.ts for a checkout in `root`.
 * @throws for a folder that cannot be bundled, saying why
 */
export function ownModules(root) {
  const named = load(readFileSync(join(root, 'rectify.yaml'), 'utf8'))?.playbooks
  const folder = typeof named === 'string' ? named.trim() : ''
  const files = folder === '' ? [] : filesOf(root, folder)
  const from = (file) => relative(dirname(WRITTEN), file).split(sep).join('/')
  const text = (value) => `'${String(value).replaceAll(/['\\]/g, '\\$&')}'`
  return [
    '// Written by `npm run own-playbooks`, and whenever npm installs, from `playbooks:` of rectify.yaml.',
    '/** As the policy file names it; undefined where it names none. */',
    `export const ownFolder: string | undefined = ${files.length === 0 ? 'undefined' : text(folder)}`,
    '',
    ...(files.length === 0
      ? ['export const ownModules: readonly (readonly [file: string, load: () => Promise<object>])[] = []']
      : [
          'export const ownModules: readonly (readonly [file: string, load: () => Promise<object>])[] = [',
          ...files.map((file) => `  [${text(file)}, () => import(${text(from(file))})],`),
          ']',
        ]),
    '',
  ].join('\n')
}

function filesOf(root, folder) {
  const path = relative(root, join(root, folder))
  if (isAbsolute(folder) || path === '..' || path.startsWith(`..${sep}`))
    throw new Error(
      `rectify.yaml: playbooks: ${folder} is outside of this folder, of which all functions are built`,
    )
  let entries
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch (error) {
    throw new Error(`rectify.yaml: playbooks: ${folder} cannot be read: ${error.message}`)
  }
  const names = entries
    .filter((entry) => !entry.isDirectory() && MODULES.test(entry.name))
    .map(({ name }) => name)
  if (names.length === 0) throw new Error(`rectify.yaml: playbooks: ${folder} holds no .ts, .js or .mjs file`)
  return names.sort().map((name) => join(path, name).split(sep).join('/'))
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const text = ownModules(ROOT)
    if (readFileSync(join(ROOT, WRITTEN), 'utf8') !== text) writeFileSync(join(ROOT, WRITTEN), text)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
}
