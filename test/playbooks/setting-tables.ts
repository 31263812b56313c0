import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AdviceTable } from './advice-table.ts'
import type { SettingTable } from './setting-table.ts'

const ROOT = resolve(import.meta.dirname)

async function tablesIn<T>(pattern: string): Promise<T[]> {
  const found: T[] = []
  for (const path of globSync(pattern, { cwd: ROOT }).sort()) {
    found.push((await import(resolve(ROOT, path))).table)
  }
  return found
}

/** The tables of all settings, one file beside the tests of their service. */
export const tables = await tablesIn<SettingTable>('*/*.table.ts')

/** Those of all advice. */
export const adviceTables = await tablesIn<AdviceTable>('*/*.advice.ts')
