import { expect, test } from '@jest/globals'
import { playbooks } from '../../playbooks/index.ts'
import { playbookJson } from '../../src/reports/playbook/playbook-json.ts'

test.each(playbooks.map((playbook) => [playbook.id, playbook] as const))(
  '%s says what each of its parameters means, to whoever writes a policy',
  (_, playbook) => {
    const { parameters, parameterDescriptions } = playbookJson(playbook)
    expect(Object.keys(parameterDescriptions)).toEqual(Object.keys(parameters))
    for (const description of Object.values(parameterDescriptions)) expect(description).toMatch(/\w \w/)
  },
)

test.each(playbooks.map((playbook) => [playbook.id, playbook.parameters] as const))(
  '%s takes the parameters of a run, as it has read them, for the same again: a twin is given them',
  (_, parameters) => {
    const read = parameters.parse({})
    expect(parameters.parse(structuredClone(read))).toEqual(read)
  },
)
