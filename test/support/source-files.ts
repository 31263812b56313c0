import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const ROOT = resolve(import.meta.dirname, '../..')

/** Every file of TypeScript in a folder of the checkout, by its path from there, at any depth. */
export function sourceFiles(...folders: string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name)),
  )
}

/** The text of a file, by its path from the checkout. */
export const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')
