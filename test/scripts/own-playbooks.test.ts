import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { ownModules } from '../../scripts/own-playbooks.mjs'

const CHECKOUT = resolve(import.meta.dirname, '../..')
let root: string

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'rectify-own-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
}
const policy = (folder: string) => ({ 'rectify.yaml': `version: 1\nplaybooks: ${folder}\n` })

test('src/lambda/own-modules.ts is what rectify.yaml says: else npm run own-playbooks', () => {
  expect(readFileSync(join(CHECKOUT, 'src/lambda/own-modules.ts'), 'utf8')).toBe(ownModules(CHECKOUT))
})

test('every module of the folder is imported, neither tests, declarations nor what lies further in', () => {
  const names = ['b.ts', "it's.mjs", 'a.js', 'a.test.ts', 'a.d.ts', 'notes.md', 'lib/c.ts']
  write({ ...policy('./own'), ...Object.fromEntries(names.map((name) => [`own/${name}`, ''])) })
  const [, , own, , ...list] = ownModules(root).split('\n')
  expect(own).toBe("export const ownFolder: string | undefined = './own'")
  expect(list).toEqual([
    'export const ownModules: readonly (readonly [file: string, load: () => Promise<object>])[] = [',
    "  ['own/a.js', () => import('../../own/a.js')],",
    "  ['own/b.ts', () => import('../../own/b.ts')],",
    "  ['own/it\\'s.mjs', () => import('../../own/it\\'s.mjs')],",
    ']',
    '',
  ])
})

test('where the policy names nothing, nothing is bundled: neither the top folder nor a folder like a module', () => {
  const none = 'export const ownFolder: string | undefined = undefined\n'
  for (const nothing of ['""', '" "', 'null', '[]']) {
    write({ ...policy(nothing), 'top.ts': '' })
    expect(ownModules(root)).toContain(none)
  }
  write({ ...policy('./own'), 'own/a.ts': '', 'own/folder.ts/inner.ts': '' })
  expect(ownModules(root)).toContain('own/a.ts')
  expect(ownModules(root)).not.toContain('folder.ts')
})

test('a folder that cannot be bundled is refused, saying why', () => {
  write({ ...policy('../elsewhere') })
  expect(() => ownModules(root)).toThrow('playbooks: ../elsewhere is outside of this folder')
  write({ ...policy('/etc') })
  expect(() => ownModules(root)).toThrow('playbooks: /etc is outside of this folder')
  write({ ...policy('./own') })
  expect(() => ownModules(root)).toThrow('playbooks: ./own cannot be read: ENOENT')
  write({ 'own/notes.md': '' })
  expect(() => ownModules(root)).toThrow('playbooks: ./own holds no .ts, .js or .mjs file')
})
