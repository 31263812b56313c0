// Writes docs/api/playbook.api.md: every declaration of `rectify/playbook` as the package ships it, with what stands
// behind it, so that a change of the contract is seen in a review. A test compares; `npm run api-report` writes it anew.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url))
export const REPORT = path('docs/api/playbook.api.md')
const ENTRY = 'src/contract.d.ts'

/** The declarations that the compiler makes of the contract: path → text. */
export function declarations() {
  const folder = mkdtempSync(join(tmpdir(), 'rectify-api-'))
  try {
    const args = ['-p', path('tsconfig.package.json'), '--outDir', folder]
    const { status, stdout } = spawnSync(path('node_modules/.bin/tsc'), args, { encoding: 'utf8' })
    if (status !== 0) throw new Error(stdout)
    const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.d.ts'),
    )
    return new Map(files.sort().map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A declaration file's statements, without comments: what the compiler writes begins them at the start of a line. */
function statements(text) {
  const bare = text.replaceAll(/^ *\/\*\*[\s\S]*?\*\/\n/gm, '')
  return bare
    .split(/^(?=(?:export|declare|import|interface|type|class|abstract|const|function)\b)/m)
    .map((one) => one.trim())
}

const NAMED = /^(?:export )?(?:declare )?(?:abstract )?(?:interface|type|class|const|function) (\w+)/

/** The report about these declaration files, of which one is the entry. */
export function reportOf(files, entry = ENTRY) {
  const declared = new Map()
  for (const [file, text] of files) {
    for (const statement of statements(text)) {
      const name = statement.match(NAMED)?.[1]
      const key = name ?? (statement.startsWith('declare global') ? `global of ${file}` : undefined)
      if (key && file !== entry) declared.set(key, [...(declared.get(key) ?? []), statement])
    }
  }
  const lines = statements(files.get(entry)).filter((line) => line.startsWith('export'))
  const exported = new Set(
    lines.flatMap((line) => (line.includes('* from') ? allOf(files, line) : namesIn(line))),
  )
  const globals = [...declared.keys()].filter((key) => key.startsWith('global of'))
  const behind = reached([...exported, ...globals], declared).filter((name) => !exported.has(name))
  const section = (names) => names.sort().flatMap((name) => declared.get(name) ?? [])
  return [
    '# API report of `rectify/playbook`',
    '',
    'Written by `npm run api-report`. What is in it is kept within a major version; a change of it is one of the contract.',
    '',
    '## Exports',
    ...['', '```ts', ...lines, '```', ''],
    '## Declarations',
    ...['', '```ts', section([...exported]).join('\n\n'), '```', ''],
    '## Behind them',
    ...['', '```ts', section(behind).join('\n\n'), '```', ''],
  ].join('\n')
}

/** The names that a line of the entry hands on, as they are called where they are declared. */
function namesIn(line) {
  const [, list = ''] = line.match(/\{([^}]*)\}/) ?? []
  return [...list.matchAll(/(?:type )?(\w+)(?: as \w+)?/g)].map(([, name]) => name)
}

/** What `export * from` hands on. */
function allOf(files, line) {
  const [, name = ''] = line.match(/from '(?:\.\.?\/)+(.*)\.ts'/) ?? []
  const text = [...files].find(([file]) => file.endsWith(`${name}.d.ts`))?.[1] ?? ''
  return statements(text).flatMap((one) => {
    if (!one.startsWith('export')) return []
    return one.match(NAMED)?.[1] ?? namesIn(one)
  })
}

/** These names, and all that their declarations mention. */
function reached(names, declared) {
  const found = new Set(names)
  for (const name of found) {
    const words = (declared.get(name) ?? []).join(' ').match(/\b[A-Za-z_]\w*\b/g) ?? []
    for (const word of words) if (declared.has(word)) found.add(word)
  }
  return [...found]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(REPORT, reportOf(declarations()))
