import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const HERE = join(import.meta.dirname, 'event-ruler')
const SANDBOX = resolve(import.meta.dirname, '../../.sandbox')
/** The version that pom.xml pins: another one is another folder. */
const JARS = join(SANDBOX, 'event-ruler-2.1.0')
const FETCH = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies'

export interface Question {
  /** As `EventPattern` has it. */
  pattern: object
  event: object
}

/**
 * Asks AWS's own matcher of event patterns, of which EventBridge and Lambda's filters are made, whether each pattern
 * takes its event in, in their order; a text says why a pattern is refused: https://github.com/aws/event-ruler. It is
 * Java's, fetched once by Maven into `.sandbox`; where one of the two is missing, or Maven cannot fetch it, that is the
 * answer. One JVM for all questions: its start is most of the time.
 */
export function askRuler(
  questions: readonly Question[],
): { answers: (boolean | string)[] } | { missing: string } {
  if (!existsSync(JARS)) {
    mkdirSync(SANDBOX, { recursive: true })
    const making = mkdtempSync(join(SANDBOX, 'event-ruler-making-'))
    const args = ['-q', '-B', '-C', '-f', join(HERE, 'pom.xml'), FETCH]
    const fetched = run('mvn', [...args, '-DincludeScope=runtime', `-DoutputDirectory=${making}`])
    if ('missing' in fetched) {
      rmSync(making, { recursive: true })
      return fetched
    }
    renameSync(making, JARS)
  }
  const input = questions.map((question) => `${JSON.stringify(question)}\n`).join('')
  const ran = run('java', ['-cp', join(JARS, '*'), join(HERE, 'Match.java')], input)
  if ('missing' in ran) return ran
  const lines = ran.output.split('\n').filter(Boolean)
  return { answers: lines.map((line) => (line.startsWith('refused') ? line : line === 'true')) }
}

function run(command: string, args: string[], input = ''): { output: string } | { missing: string } {
  const { status, error, stdout, stderr } = spawnSync(command, args, {
    input,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  if (status === 0) return { output: stdout }
  const why = error?.message ?? `${stdout}${stderr}`.trim().split('\n')[0]
  return { missing: `${command}: ${why}` }
}
