import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { errorOf, inEmptyFolder, rectify } from '../support/program-without-aws.ts'

const EVENTS = fileURLToPath(new URL('../events', import.meta.url))
const SSH = join(EVENTS, 'config-compliance-restricted-ssh.json')
const POLICY =
  'version: 1\nrules:\n  - { when: { tags: { environment: prod } }, mode: approve }\n  - { mode: auto }\n'

const { folder, run } = inEmptyFolder()
const put = (name: string, text: string) => writeFile(join(folder(), name), text)

const cases = (mode: string, head = '') =>
  `version: 1\n${head}cases:\n  - name: production asks\n    event: ${SSH}\n    with: { tags: { environment: prod } }\n    expect: { playbook: ec2-close-open-ingress, mode: ${mode}, rule: 1 }\n`

describe('policy test', () => {
  test('has status 0 when all is decided as expected, and says so', async () => {
    await put('rectify.yaml', POLICY)
    await put('good.yaml', cases('approve'))
    const ran = await run('policy', 'test', 'good.yaml')
    expect(ran.stdout).toContain('ok    production asks\n\n1 case: 1 as expected, 0 not')
    expect(ran.status).toBe(0)
  })

  test('has status 1 for a difference, which is told in each form', async () => {
    await put('other.yaml', POLICY)
    await put('bad.yaml', cases('auto', 'policy: other.yaml\n'))
    const ran = await run('policy', 'test', 'bad.yaml', '--json', '--junit', 'report.xml')
    expect(ran.status).toBe(1)
    expect(ran.document()).toMatchObject({
      ...{ ok: false, passed: 0, failed: 1 },
      files: [
        {
          policy: join(folder(), 'other.yaml'),
          cases: [
            {
              ...{ name: 'production asks', line: 4, ok: false },
              decisions: [{ mode: 'approve', rule: { number: 1, line: 3 } }],
              differences: [{ key: 'mode', expected: 'auto', got: 'approve' }],
            },
          ],
        },
      ],
    })
    expect(await readFile(join(folder(), 'report.xml'), 'utf8')).toContain('tests="1" failures="1"')
  })

  test('writes no report over what it reads, and none where that cannot be read', async () => {
    await put('rectify.yaml', POLICY)
    await mkdir(join(folder(), 'events'))
    await copyFile(SSH, join(folder(), 'events', 'ssh.json'))
    await put('good.yaml', cases('approve').replace(SSH, 'events'))
    for (const over of ['good.yaml', 'rectify.yaml', 'events/ssh.json']) {
      const ran = await run('policy', 'test', 'good.yaml', '--junit', over, '--json')
      expect([ran.status, errorOf(ran).message]).toEqual([
        2,
        expect.stringContaining('it would be written over'),
      ])
    }
    expect((await run('policy', 'test', 'good.yaml', 'missing.yaml', '--junit', 'r.xml')).status).toBe(2)
    expect(await readdir(folder())).not.toContain('r.xml')
  })

  test('decides by the units and tags of the account that a case gives, and by none that it does not', async () => {
    const when = 'ou: [ou-abcd-11111111], accountTags: { tier: "1" }'
    await put(
      'units.yaml',
      `version: 1\nrules:\n  - { when: { ${when} }, mode: auto }\n  - { mode: approve }\n`,
    )
    const modes = async (given: string) => {
      const more = cases('auto', 'policy: units.yaml\n').replace(/with: .*/, `with: { ${given} }`)
      await put('placed.yaml', more)
      const { document } = await run('policy', 'test', 'placed.yaml', '--json')
      return JSON.stringify(document()).match(/"mode":"\w+"/)?.[0]
    }
    expect(await modes('ou: [r-abcd, ou-abcd-11111111], accountTags: { tier: "1" }')).toBe('"mode":"auto"')
    expect(await modes('ou: r-abcd, accountTags: { tier: "1" }')).toBe('"mode":"approve"')
    expect(await modes('ou: ou-abcd-11111111')).toBe('"mode":"undecided"')
  })

  test('decides by tags of what the resource stands in and by who can reach it, as a case gives them', async () => {
    await put(
      'places.yaml',
      'version: 1\ntagsOf: [resource, vpc, stack, account]\nrules:\n' +
        '  - { when: { tags: { tier: "1" }, reachable: false }, mode: auto }\n  - { mode: approve }\n',
    )
    const decided = async (given: string) => {
      const more = cases('auto', 'policy: places.yaml\n').replace(/with: .*/, `with: { ${given} }`)
      await put('placed.yaml', more)
      const { document } = await run('policy', 'test', 'placed.yaml', '--json')
      const text = JSON.stringify(document())
      return [/"mode":"(\w+)"/.exec(text)?.[1], /"rule":\{"number":(\d)/.exec(text)?.[1]]
    }
    const nowhere = 'tags: {}, vpcTags: null'
    expect(await decided(`${nowhere}, stackTags: { tier: "1" }, reachable: false`)).toEqual(['auto', '1'])
    expect(await decided(`${nowhere}, stackTags: {}, accountTags: { tier: "1" }, reachable: true`)).toEqual([
      'approve',
      '2',
    ])
    expect((await decided(`${nowhere}, stackTags: null, reachable: false`))[0]).toBe('undecided')
    expect((await decided(`${nowhere}, stackTags: { tier: "1" }`))[0]).toBe('undecided')
    const spared = 'vpcTags: { "rectify:mode": "off" }'
    expect((await decided(`tags: { tier: "1" }, ${spared}, reachable: false`))[0]).toBe('off')
  })

  test('tries the same cases under the policy that --policy names', async () => {
    await put('rectify.yaml', POLICY)
    await put('new.yaml', 'version: 1\nrules:\n  - { mode: auto }\n')
    await put('some.yaml', cases('auto', 'policy: rectify.yaml\n'))
    expect((await run('policy', 'test', 'some.yaml', '--policy', 'new.yaml')).status).toBe(0)
  })

  test.each([
    ['no YAML', 'cases: [', 1, undefined],
    ['an unknown key', cases('auto').replace('rule:', 'rul:'), 6, 'cases[0].expect.rul'],
    ['an event that is not there', cases('auto').replace(SSH, 'gone.json'), 4, 'cases[0].event'],
    ['an event that is none', cases('auto').replace(SSH, '{ no: event }'), 4, 'cases[0].event'],
    [
      'a resource that is none',
      cases('auto').replace(`event: ${SSH}`, 'finding: { playbook: ec2-close-open-ingress, resource: i-1 }'),
      4,
      'cases[0].finding.resource',
    ],
  ])('has status 2 for %s, with file and line', async (_what, text, line, key) => {
    await put('rectify.yaml', POLICY)
    await put('wrong.yaml', text)
    const ran = await run('policy', 'test', 'wrong.yaml', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'policy', file: join(folder(), 'wrong.yaml'), line })
    expect(errorOf(ran).key).toBe(key)
    expect(ran.stderr).not.toContain('    at ')
  })

  test('has status 2 where there is no policy to try the cases on', async () => {
    await put('some.yaml', cases('auto'))
    const ran = await run('policy', 'test', 'some.yaml', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran).message).toContain('no policy file')
  })
})

describe('policy diff', () => {
  const RAISED = POLICY.replace('approve', 'auto')

  test('tells what is raised, and has status 1 where that is forbidden', async () => {
    await put('old.yaml', POLICY)
    await put('new.yaml', RAISED)
    const ran = await run('policy', 'diff', 'old.yaml', 'new.yaml', '--events', SSH, '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      ...{ findings: 1, decisions: 1, raised: 1 },
      changes: [
        {
          what: 'raised',
          from: { mode: 'approve', reason: 'rule 1 (old.yaml:3)' },
          to: { mode: 'auto', reason: 'rule 1 (new.yaml:3)' },
          ...{ count: 1, possible: 1 },
          decisions: [{ playbook: 'ec2-close-open-ingress', possible: 'if it has tags environment=prod' }],
        },
      ],
    })
    const forbidden = await run(
      'policy',
      'diff',
      'old.yaml',
      'new.yaml',
      '--events',
      SSH,
      '--forbid',
      'raise',
    )
    expect(forbidden.status).toBe(1)
    expect(forbidden.stdout).toContain('RAISED approve -> auto, 1 decision, possibly')
  })

  test('has status 0 for what is only made stricter, by events of standard input', async () => {
    await put('old.yaml', RAISED)
    await put('new.yaml', POLICY)
    const args = ['policy', 'diff', 'old.yaml', 'new.yaml', '--events', '-', '--forbid', 'raise', '--json']
    const ran = await rectify(args, { cwd: folder(), stdin: await readFile(SSH, 'utf8') })
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({ raised: 0, changes: [{ what: 'lowered' }] })
  })

  test('tells what holds back less, and has status 1 for it where a raise is forbidden', async () => {
    await put('old.yaml', `${POLICY}limits: { atOnce: 3 }\n`)
    await put('new.yaml', `${POLICY}limits: { atOnce: 4, changesPerHour: 9 }\n`)
    const diff = ['policy', 'diff', 'old.yaml', 'new.yaml', '--events', SSH]
    const ran = await run(...diff, '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      ...{ raised: 0, changes: [] },
      guards: [
        { guard: 'limits.atOnce', change: 'loosened', text: 'limits.atOnce is gone or higher' },
        { guard: 'limits.changesPerHour', change: 'stricter' },
      ],
    })
    const forbidden = await run(...diff, '--forbid', 'raise')
    expect(forbidden.status).toBe(1)
    expect(forbidden.stdout).toContain('LOOSENED limits.atOnce is gone or higher')
    const stricter = ['policy', 'diff', 'old.yaml', 'old.yaml', '--events', SSH, '--forbid', 'raise']
    expect((await run(...stricter)).status).toBe(0)
  })

  test('takes a folder, and has status 2 for what in it cannot be read', async () => {
    await put('old.yaml', POLICY)
    const ran = await run('policy', 'diff', 'old.yaml', 'old.yaml', '--events', EVENTS, '--json')
    expect(ran.status).toBe(2)
    expect(ran.document()).toMatchObject({ raised: 0, changes: [], unknown: 1 })
    expect((ran.document().rejected as unknown[]).length).toBeGreaterThan(0)
  })

  test('counts as raised what only the new policy has a playbook answer', async () => {
    const event = JSON.parse(await readFile(SSH, 'utf8'))
    const text = JSON.stringify(event).replaceAll('restricted-ssh', 'acme-ssh')
    await put('event.json', text)
    await put('old.yaml', 'version: 1\nrules: []\n')
    await put('new.yaml', 'version: 1\nrules: []\nconfigRules: { acme-ssh: INCOMING_SSH_DISABLED }\n')
    const ran = await run('policy', 'diff', 'old.yaml', 'new.yaml', '--events', 'event.json', '--json')
    expect(ran.document()).toMatchObject({
      raised: 1,
      changes: [{ from: { mode: 'unanswered' }, to: { mode: 'rehearse' } }],
    })
  })

  test('has status 2 for a policy that is wrong, which it names', async () => {
    await put('old.yaml', POLICY)
    await put('new.yaml', 'version: 2\n')
    const ran = await run('policy', 'diff', 'old.yaml', 'new.yaml', '--events', SSH, '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ file: join(folder(), 'new.yaml'), line: 1, key: 'version' })
  })
})

test('init writes the schema beside the policy where it is asked to, and the line by which editors find it', async () => {
  const ran = await run('init', '--schema', '--json')
  expect(ran.document()).toEqual({
    file: join(folder(), 'rectify.yaml'),
    schema: join(folder(), 'rectify.schema.json'),
  })
  const [first] = (await readFile(join(folder(), 'rectify.yaml'), 'utf8')).split('\n')
  expect(first).toBe('# yaml-language-server: $schema=rectify.schema.json')
  expect(JSON.parse(await readFile(join(folder(), 'rectify.schema.json'), 'utf8'))).toMatchObject({
    title: 'Rectify policy',
  })
  expect((await run('policy', 'check')).status).toBe(0)
})
