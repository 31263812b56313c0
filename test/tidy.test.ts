import { basename, dirname, join, normalize } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { sourceFiles, textOf } from './support/source-files.ts'

const FOLDERS_OF_SOURCES = ['src', 'playbooks', 'state-machines']
const FILES = sourceFiles(...FOLDERS_OF_SOURCES)
const TEXTS = new Map(FILES.map((file) => [file, textOf(file)]))

/** What is left of a text without comments, line by line. */
function code(file: string): string {
  return (TEXTS.get(file) ?? '').replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}

const filesWith = (pattern: RegExp, within = 'src/') =>
  FILES.filter((file) => file.startsWith(within) && pattern.test(code(file)))

/** All that a file imports of ours: values, types, and what it loads late. */
function importsOf(file: string): string[] {
  const text = code(file)
  const paths = [
    ...text.matchAll(/^(?:import|export)\s[^'"]*?from\s+'(\.[^']+)'/gm),
    ...text.matchAll(/import\('(\.[^']+)'\)/g),
  ]
  return paths.map(([, path]) => normalize(join(dirname(file), path!)))
}

/** Files that reach themselves by their imports, as the first circle that is found. */
function circle(): string[] {
  const done = new Set<string>()
  const walk = (file: string, way: string[]): string[] => {
    if (way.includes(file)) return [...way.slice(way.indexOf(file)), file]
    if (done.has(file) || !TEXTS.has(file)) return []
    for (const next of importsOf(file)) {
      const found = walk(next, [...way, file])
      if (found.length > 0) return found
    }
    done.add(file)
    return []
  }
  for (const file of FILES) {
    const found = walk(file, [])
    if (found.length > 0) return found
  }
  return []
}

const FOLDERS = Map.groupBy(FILES, (file) => dirname(file))

/** Words with which several files of a folder begin, though none of it is the folder's own name. */
function prefixes(folder: string, files: readonly string[]): string[] {
  const words = files.map((file) => basename(file, '.ts')).filter((name) => name.includes('-'))
  return [...Map.groupBy(words, (name) => name.split('-')[0]!)]
    .filter(([word, its]) => its.length > 3 && !basename(folder).startsWith(word))
    .map(([word]) => `${folder}/${word}-*`)
}

/** Functions at the top of a file, with their lines. */
function functionsOf(file: string): [name: string, lines: number][] {
  const lines = (TEXTS.get(file) ?? '').split('\n')
  return lines.flatMap((line, at): [string, number][] => {
    const name = /^(?:export )?(?:async )?function\*? (\w+)/.exec(line)?.[1]
    if (name === undefined) return []
    const end = lines.findIndex((other, index) => index >= at && /^\}/.test(other))
    return [[`${file}: ${name}`, end - at + 1]]
  })
}

test('what is looked at is there: each folder, and lines of code in each file', () => {
  const folders = [...FOLDERS_OF_SOURCES, 'src/engine', 'src/engine/drive']
  const without = folders.filter((folder) => !FILES.some((file) => file.startsWith(`${folder}/`)))
  expect(without).toEqual([])
  expect(FILES.filter((file) => code(file).trim() === '')).toEqual([])
  expect(FILES.flatMap(importsOf).filter((path) => TEXTS.has(path)).length).toBeGreaterThan(500)
  expect(FILES.flatMap(functionsOf).length).toBeGreaterThan(500)
})

describe('a file', () => {
  test('never imports itself by way of others, for types or late either', () => {
    expect(circle()).toEqual([])
  })

  test('is one idea: fewer than 300 lines, and no function of 70', () => {
    const long = [...TEXTS].map(([file, text]) => [file, text.split('\n').length] as const)
    expect(long.filter(([, lines]) => lines >= 300)).toEqual([])
    expect(FILES.flatMap(functionsOf).filter(([, lines]) => lines >= 70)).toEqual([])
  })

  test('has a name of its own in src', () => {
    const names = Map.groupBy(
      FILES.filter((file) => file.startsWith('src/')),
      (file) => basename(file),
    )
    expect([...names.values()].filter((files) => files.length > 1)).toEqual([])
  })
})

test('a helper of tests has a name of its own, for a stranger can tell two of one name by nothing', () => {
  // A table is called as its playbook, and the folder says of which service.
  const helpers = sourceFiles('test').filter((name) => !/\.(test|table|advice)\.ts$/.test(name))
  expect(helpers.length).toBeGreaterThan(0)
  const twice = [...Map.groupBy(helpers, (name) => basename(name)).values()].filter(
    ({ length }) => length > 1,
  )
  expect(twice).toEqual([])
})

test('a folder has at most 16 files, and no prefix plays another folder in it', () => {
  expect([...FOLDERS].filter(([, files]) => files.length > 16).map(([folder]) => folder)).toEqual([])
  expect([...FOLDERS].flatMap(([folder, files]) => prefixes(folder, files))).toEqual([])
})

describe('the engine', () => {
  test('writes the run in one file, and makes one in another', () => {
    const written =
      /\brun\.\w+(\.\w+)* (=|\+=|\?\?=|\|\|=) |\brun\.\w+\.(push|splice|sort|reverse)\(|delete run\./
    expect(filesWith(written, 'src/engine/')).toEqual([])
    expect(filesWith(/\bReflect\.(set|deleteProperty)\(|Object\.assign\(drive/, 'src/engine/')).toEqual([
      'src/engine/drive/record.ts',
    ])
    expect(filesWith(/\bconst blank|\bfunction blankRun\(/, 'src/engine/')).toEqual([
      'src/engine/drive/new-run.ts',
    ])
  })

  test('notes facts and stored transitions in the drive only', () => {
    const noting = filesWith(/\b(record|become)\(/, 'src/engine/').filter(
      (file) => !file.startsWith('src/engine/drive/'),
    )
    expect(noting).toEqual(['src/engine/continue-run.ts'])
  })

  test('never asks whether somebody stays: that is for the two hands to know', () => {
    expect(filesWith(/\bwaker\b/, 'src/engine/')).toEqual(['src/engine/waits/leave.ts'])
  })

  test('asks at one place what kind of change a step is', () => {
    expect(filesWith(/switch \(step\.kind\)/)).toEqual(['src/engine/change/kinds.ts'])
  })

  test('records decisions at one place, whoever makes them', () => {
    expect(filesWith(/\bstore\.decide\(/)).toEqual(['src/engine/decide/decide-as.ts'])
  })

  test('asks its guard rails through the one list of them', () => {
    expect(filesWith(/\bkillSwitch\b/)).toEqual([
      'src/engine/rails/kill-switch.ts',
      'src/engine/rails/rails.ts',
    ])
  })
})

describe('one word means one thing', () => {
  /** Words that had several meanings, and what is said instead. */
  const GONE: [word: RegExp, instead: string][] = [
    // What a guard rail does to a run is a hold, and nothing else is one.
    [/\b(holds|holdFor|holdUntil|HoldChange)\b(?!`)/, 'timeBox, restFor, lockedBy'],
    [/\b(Session)\b/, 'Drive'],
    [/\bcommitOnce\b/, 'commitSurely'],
    [
      /\b(applyJob|applyOnce|runJob|carryOut|takeUp|advance)\(/,
      'startRun, joinOrStart, driveNew, transition',
    ],
    [/\bdispose\b/, 'dispositionOf'],
  ]
  test.each(GONE)('%s is not said in the engine, but %s', (word) => {
    const said = FILES.filter((file) => file.startsWith('src/engine/')).flatMap((file) =>
      code(file)
        .replace(/'[^'\n]*'|`[^`]*`/g, '')
        .split('\n')
        .filter((line) => word.test(line))
        .map((line) => `${file}: ${line.trim()}`),
    )
    expect(said).toEqual([])
  })
})
