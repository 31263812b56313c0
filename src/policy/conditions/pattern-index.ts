import { namePattern } from '../resource-patterns.ts'
import type { NamedResource } from './named-resource.ts'

/** Finds what patterns for resources may mean one, without asking each. */

/** For all playbooks, and where more are named than it is worth telling apart. */
export const ANY_PLAYBOOK = '*'
const MANY_PLAYBOOKS = 16

/** The playbooks under which something is found. */
export function playbookKeys(named: readonly string[] | undefined): readonly string[] {
  return named === undefined || named.length > MANY_PLAYBOOKS ? [ANY_PLAYBOOK] : named
}

/** Whose pattern it is, by playbook. */
type Owners = Map<string, number[]>

/** Patterns by the text that they begin or end with, whichever is longer. */
interface Affixes {
  whole: Map<string, Owners>
  prefixes: Map<string, Owners>
  suffixes: Map<string, Owners>
}

export interface PatternIndex {
  /** The owners of which a pattern may mean the resource, each once and in their order; more than mean it. */
  find(about: NamedResource, playbook: string): number[]
  /** The owners of patterns for names. */
  named(playbook: string): number[]
}

/** @param entries a pattern, the playbooks that it is for, and its owner */
export function patternIndex(
  entries: Iterable<{ pattern: string; playbooks: readonly string[]; owner: number }>,
): PatternIndex {
  const [ids, names] = [affixes(), affixes()]
  const allNamed: Owners = new Map()
  for (const { pattern, playbooks, owner } of entries) {
    const name = namePattern(pattern)
    for (const playbook of playbooks) {
      add(name === undefined ? ids : names, name ?? pattern, playbook, owner)
      if (name !== undefined) addOwner(allNamed, playbook, owner)
    }
  }
  const [findId, findName] = [finder(ids), finder(names)]
  return {
    find({ spellings, name }, playbook) {
      const found: number[] = []
      for (const spelling of spellings) findId(spelling, playbook, found)
      if (typeof name === 'string') findName(name, playbook, found)
      return sorted(found)
    },
    named: (playbook) => {
      const found: number[] = []
      collect(allNamed, playbook, found)
      return sorted(found)
    },
  }
}

const sorted = (owners: number[]): number[] =>
  owners.length < 2 ? owners : [...new Set(owners)].sort((a, b) => a - b)

const affixes = (): Affixes => ({ whole: new Map(), prefixes: new Map(), suffixes: new Map() })

/** How much text a pattern has by which it can be found; all of it where it has no star. */
export function affixLength(pattern: string): number {
  const first = pattern.indexOf('*')
  if (first < 0) return Number.POSITIVE_INFINITY
  return Math.max(first, pattern.length - pattern.lastIndexOf('*') - 1)
}

function add({ whole, prefixes, suffixes }: Affixes, pattern: string, playbook: string, owner: number): void {
  const [first, last] = [pattern.indexOf('*'), pattern.lastIndexOf('*') + 1]
  if (first < 0) addTo(whole, pattern, playbook, owner)
  else if (first >= pattern.length - last) addTo(prefixes, pattern.slice(0, first), playbook, owner)
  else addTo(suffixes, pattern.slice(last), playbook, owner)
}

function addTo(map: Map<string, Owners>, text: string, playbook: string, owner: number): void {
  const owners = map.get(text) ?? new Map()
  map.set(text, owners)
  addOwner(owners, playbook, owner)
}

function addOwner(owners: Owners, playbook: string, owner: number): void {
  const all = owners.get(playbook)
  if (all) all.push(owner)
  else owners.set(playbook, [owner])
}

function collect(owners: Owners | undefined, playbook: string, into: number[]): void {
  if (owners === undefined) return
  for (const key of [playbook, ANY_PLAYBOOK]) {
    for (const owner of owners.get(key) ?? []) into.push(owner)
  }
}

function finder({ whole, prefixes, suffixes }: Affixes) {
  const lengths = (map: Map<string, Owners>) => [...new Set([...map.keys()].map(({ length }) => length))]
  const [starts, ends] = [lengths(prefixes), lengths(suffixes)]
  return (text: string, playbook: string, into: number[]): void => {
    collect(whole.get(text), playbook, into)
    for (const length of starts) {
      if (length <= text.length) collect(prefixes.get(text.slice(0, length)), playbook, into)
    }
    for (const length of ends) {
      if (length <= text.length) collect(suffixes.get(text.slice(text.length - length)), playbook, into)
    }
  }
}
