import { SpooledText } from '../spooled-text.ts'
import { attributes, escapedXml } from '../xml.ts'
import { type Gate, type Stopped, stoppedFinding, stoppedRun } from './gates.ts'
import type { GrowingReport } from './growing-report.ts'
import { endOf } from './rehearsal.ts'

/**
 * A rehearsal as JUnit's XML, as CI systems read it: a test case for each run and for each finding without one; what a
 * gate stops is a failure, an event that could not be read is an error.
 */
export function junitReport(gates: readonly Gate[]): GrowingReport<Iterable<Uint8Array>> {
  const cases = new SpooledText()
  const sums = { tests: 0, failures: 0, errors: 0, skipped: 0 }
  const add = (classname: string, name: string, all: readonly Stopped[], otherwise = '') => {
    const stopped = all.filter(({ gate }) => gates.includes(gate))
    if (stopped.length > 0) sums.failures++
    const inside = stopped.length > 0 ? stopped.map(failure).join('') : otherwise
    const head = `    <testcase${attributes({ name, classname })}`
    cases.add(inside === '' ? `${head}/>\n` : `${head}>\n${inside}    </testcase>\n`)
    sums.tests++
  }
  return {
    run(run) {
      add(run.playbook, `${run.resource}: ${endOf(run)}`, stoppedRun(run))
    },
    ignored(one) {
      if (!stoppedFinding(one).some(({ gate }) => gates.includes(gate))) sums.skipped++
      add('ignored', one.finding, stoppedFinding(one), element('skipped', one.reason))
    },
    rejected({ event, code, reason }) {
      sums.errors++
      add('unreadable', event, [], element('error', `${code}: ${reason}`))
    },
    *end() {
      // How many there are stands before them.
      const suite = attributes({ name: 'rectify rehearse', ...sums })
      yield Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite${suite}>\n`)
      yield* cases.pieces()
      yield Buffer.from('  </testsuite>\n</testsuites>\n')
    },
  }
}

const failure = ({ gate, why }: Stopped): string => element('failure', `${gate}: ${why}`)

function element(name: string, message: string): string {
  return `      <${name}${attributes({ message })}>${escapedXml(message)}</${name}>\n`
}
