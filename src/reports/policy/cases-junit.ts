import { plain } from '../paint.ts'
import { attributes, escapedXml } from '../xml.ts'
import { differenceLines, type Tried, type TriedFile } from './cases-text.ts'

/**
 * What was tried as JUnit's XML, as CI systems read it: a suite for each file, a test case for each case, a failure with
 * all that was not as expected. Pure.
 */
export function casesJunit({ files, passed, failed }: Tried): string {
  const all = attributes({ name: 'rectify policy test', tests: passed + failed, failures: failed, errors: 0 })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${all}>`,
    ...files.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n')
}

function suite({ file, cases }: TriedFile): string[] {
  const failures = cases.filter(({ ok }) => !ok).length
  const head = attributes({ name: file, tests: cases.length, failures, errors: 0 })
  return [
    `  <testsuite${head}>`,
    ...cases.flatMap(({ name, line, ok, differences }) => {
      const one = `    <testcase${attributes({ name, classname: file, file, line })}`
      if (ok) return [`${one}/>`]
      const message = differences.map(({ key, expected, got }) => `${key}: expected ${expected}, got ${got}`)
      const text = differenceLines(differences, plain).join('\n')
      return [
        `${one}>`,
        `      <failure${attributes({ message: message.join('; ') })}>${escapedXml(text)}</failure>`,
        '    </testcase>',
      ]
    }),
    '  </testsuite>',
  ]
}
