import { dirname, relative, resolve } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { ROOT, sourceFiles, textOf } from './support/source-files.ts'

/** From the top of the house to its ground: a layer may import itself and what stands in a later row. */
const LAYERS = [
  ['src/lambda', 'src/cli', 'src/sandbox'],
  ['src/approvals'],
  ['src/reports', 'src/queue'],
  ['src/engine', 'src/writeback'],
  ['src/store', 'src/aws', 'src/policy'],
  ['src/run'],
  ['state-machines', 'playbooks', 'src/detectors'],
  ['src/playbook', 'src/findings'],
]

/** Sideways, and upwards for types only. */
const ALLOWED: [from: string, to: string, typesOnly: boolean][] = [
  ['src/cli', 'src/sandbox', false],
  ['src/playbook', 'src/findings', true],
]

interface Import {
  file: string
  from: string
  to: string
  typesOnly: boolean
}

const layerOf = (path: string): string | undefined =>
  LAYERS.flat().find((name) => path.startsWith(`${name}/`))

function importsOf(file: string): Import[] {
  const text = textOf(file)
  const statements = text.matchAll(/^(?:import|export)\s(type\s)?[^'"]*?from\s+'(\.[^']+)'/gm)
  const dynamic = text.matchAll(/import\(()'(\.[^']+)'\)/g)
  return [...statements, ...dynamic].flatMap(([, types, path]) => {
    const to = layerOf(relative(ROOT, resolve(ROOT, dirname(file), path!)))
    const from = layerOf(file)
    return from && to ? [{ file, from, to, typesOnly: Boolean(types) }] : []
  })
}

describe('the house', () => {
  const files = sourceFiles('src', 'playbooks', 'state-machines')
  const imports = files.flatMap(importsOf)

  test('is there to be looked at', () => {
    expect(files.length).toBeGreaterThan(50)
    expect(imports.length).toBeGreaterThan(100)
  })

  test('imports only downwards', () => {
    const rank = (layer: string) => LAYERS.findIndex((row) => row.includes(layer))
    const wrong = imports.filter(({ from, to, typesOnly }) => {
      if (from === to || rank(to) > rank(from)) return false
      return !ALLOWED.some(([a, b, onlyTypes]) => a === from && b === to && (!onlyTypes || typesOnly))
    })
    expect(wrong.map(({ file, to }) => `${file} → ${to}`)).toEqual([])
  })

  test('keeps AWS out of the machine, and everything but its contract out of a playbook', () => {
    const machine = files.filter((file) => file.startsWith('state-machines/'))
    expect(machine.filter((file) => textOf(file).includes('@aws-sdk'))).toEqual([])
    const packages = files
      // The AWS client of a service, of which the playbooks themselves import only types.
      .filter((file) => file.startsWith('playbooks/') && !file.endsWith('/client.ts'))
      .flatMap((file) => [...textOf(file).matchAll(/^(?:import|export) (?!type)[^'"]*from '([^.'][^']*)'/gm)])
      .map(([, name]) => name)
    expect([...new Set(packages)].sort()).toEqual([
      'cidr-tools',
      'node:crypto',
      'node:net',
      'p-limit',
      'zod/mini',
    ])
  })

  test('has no room without a name', () => {
    const vague = /(^|\/)(utils?|helpers?|common|misc|managers?)(\.ts|\/)/
    expect(files.filter((file) => vague.test(file))).toEqual([])
  })
})
