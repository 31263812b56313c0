import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SettingTable } from './setting-table.ts'

const ROOT = resolve(import.meta.dirname)

/** The tables of all settings, one file beside the tests of their service. */
export const tables: SettingTable[] = []
for (const path of globSync('*/*.table.ts', { cwd: ROOT }).sort()) {
  const { table } = await import(resolve(ROOT, path))
  tables.push(table)
}
