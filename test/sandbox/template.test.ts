import { describe, expect, test } from '@jest/globals'
import { parseDocument } from 'yaml'
import { buildOptions } from '../../src/sandbox/stack/bundle.ts'
import { functionsOf, packaged, readTemplate, writtenOut } from '../../src/sandbox/stack/template.ts'

const template = readTemplate()
const functions = functionsOf(template)
const plain = (text: string) => parseDocument(text, { logLevel: 'silent' })

describe('the template that is deployed', () => {
  test('differs from the one in the repository by where the code of its functions is, and by nothing else', () => {
    const code = new Map(functions.map(({ id }) => [id, `s3://bucket/${id}.zip`]))
    const deployed = plain(packaged(template, code))
    for (const [id, uri] of code) {
      expect(deployed.getIn(['Resources', id, 'Properties', 'CodeUri'])).toBe(uri)
      deployed.deleteIn(['Resources', id, 'Properties', 'CodeUri'])
    }
    // As text, so that CloudFormation's own tags are compared too.
    expect(deployed.toString({ lineWidth: 0 })).toBe(writtenOut(template).toString({ lineWidth: 0 }))
    expect(writtenOut(template).toJS()).toEqual(template.toJS())
    expect(deployed.toString()).not.toMatch(/[&*]bundle/)
    expect(deployed.toString()).toContain('!GetAtt')
  })

  test('has seven functions that are built as SAM builds them', () => {
    expect(functions.map(({ id }) => id).sort()).toEqual([
      'CardsFunction',
      'IntakeFunction',
      'NotifierFunction',
      'RunnerFunction',
      'SlackFunction',
      'SweeperFunction',
      'WritebackFunction',
    ])
    const options = buildOptions(functions[0]!, '/out')
    expect(options).toMatchObject({
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node24',
      outExtension: { '.js': '.mjs' },
      mainFields: ['module', 'main'],
    })
  })

  test('is not built when it asks for what the sandbox does not know', () => {
    const unknown = { id: 'Some', properties: { TreeShaking: false } }
    expect(() => buildOptions(unknown, '/out')).toThrow('TreeShaking')
  })
})
