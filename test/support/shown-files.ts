import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

const GUIDE = readFileSync(resolve(import.meta.dirname, '../../docs/own-playbooks.md'), 'utf8')

/** The files that the guide to playbooks of one's own shows, by name. */
export const SHOWN: Record<string, string> = Object.fromEntries(
  [...GUIDE.matchAll(/^```\w+ (\S+)\n([\s\S]*?)^```$/gm)].map(([, name = '', text = '']) => [name, text]),
)
