import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import { errorOf, inEmptyFolder, rectify } from '../support/program-without-aws.ts'

const EVENTS = fileURLToPath(new URL('../events', import.meta.url))
const SSH = join(EVENTS, 'config-compliance-restricted-ssh.json')

const { folder, run } = inEmptyFolder()

describe('init', () => {
  test('writes a policy that is valid and rehearses everything', async () => {
    expect((await run('init')).status).toBe(0)
    const checked = await run('policy', 'check', '--json')
    expect(checked.status).toBe(0)
    expect(checked.document()).toMatchObject({ ok: true, file: join(folder(), 'rectify.yaml') })
    expect(JSON.stringify((await run('triage', SSH, '--json')).document())).toContain('"mode":"rehearse"')
  })

  test('never overwrites one without --yes', async () => {
    await writeFile(join(folder(), 'mine.yaml'), 'mine')
    const ran = await run('init', '--policy', 'mine.yaml', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'usage' })
    expect(await readFile(join(folder(), 'mine.yaml'), 'utf8')).toBe('mine')
    expect((await run('init', '--policy', 'mine.yaml', '--yes')).status).toBe(0)
  })
})

describe('policy', () => {
  test('check names file, line and key of every problem', async () => {
    await writeFile(
      join(folder(), 'bad.yaml'),
      'version: 1\nrules:\n  - { when: { playbok: x }, mode: auto }\nlimits: []\n',
    )
    const ran = await run('policy', 'check', 'bad.yaml', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'policy', file: join(folder(), 'bad.yaml'), line: 3 })
    expect(String(errorOf(ran).key)).toContain('rules[0]')
    const lines = (await run('policy', 'check', 'bad.yaml')).stderr.trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/bad\.yaml:3: rules\[0\]/)
    expect(lines[1]).toMatch(/bad\.yaml:4: limits/)
  })

  test('check says what is valid and has no effect: an approval that nobody can give here', async () => {
    await writeFile(
      join(folder(), 'slack.yaml'),
      'version: 1\nrules:\n  - mode: approve\n    approval: { channel: "#ops", approvers: [S0ONCALL] }\n',
    )
    const ran = await run('policy', 'check', 'slack.yaml', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      ok: true,
      notes: [
        {
          line: 3,
          key: 'rules[0].approval.approvers',
          message: expect.stringContaining('nobody can approve'),
        },
        { line: 3, key: 'rules[0].approval.channel' },
      ],
    })
    expect((await run('policy', 'check', 'slack.yaml')).stdout).toMatch(/slack\.yaml:3: rules\[0\]/)
  })

  test('check says when there is none', async () => {
    const ran = await run('policy', 'check', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'policy', message: expect.stringContaining('rectify init') })
  })

  test('explain says of each rule why it did or did not decide', async () => {
    await writeFile(
      join(folder(), 'rectify.yaml'),
      'version: 1\nrules:\n  - { when: { severity: CRITICAL }, mode: auto }\n  - { when: { tags: { env: prod } }, mode: approve }\n  - { mode: off }\n',
    )
    const { status, stdout } = await run('policy', 'explain', SSH)
    expect(status).toBe(0)
    expect(stdout).toContain('rule 1 (rectify.yaml:3) auto: does not match; severity MEDIUM is not CRITICAL')
    expect(stdout).toContain('rule 2 (rectify.yaml:4) approve: may decide; tags unread (wanted env prod)')
    expect(stdout).toContain('rule 3 (rectify.yaml:5) off: decides otherwise')
    expect((await run('policy', 'explain', SSH, '--json')).document()).toMatchObject({
      findings: [{ actions: [{ playbook: 'ec2-close-open-ingress', rules: [{}, {}, {}] }] }],
      rejected: [],
    })
    await writeFile(join(folder(), 'cut.json'), '{"a":')
    expect((await run('policy', 'explain', 'cut.json')).status).toBe(2)
    expect((await run('policy', 'explain')).status).toBe(2)
  })

  test('schema is a JSON Schema that knows the top-level keys', async () => {
    const properties = (await run('policy', 'schema')).document().properties as Record<string, unknown>
    expect(Object.keys(properties)).toEqual(
      expect.arrayContaining(['version', 'rules', 'exemptions', 'never']),
    )
  })
})

describe('a policy that cannot be used ends every deciding command before any AWS call', () => {
  const deciding = ['triage', 'plan', 'rehearse', 'apply'].map((command) => [command, SSH, '--json'])

  test('when it is invalid', async () => {
    await writeFile(join(folder(), 'rectify.yaml'), 'version: 2\n')
    for (const ran of await Promise.all(deciding.map((args) => run(...args)))) {
      expect(ran.status).toBe(2)
      expect(errorOf(ran)).toMatchObject({
        kind: 'policy',
        file: join(folder(), 'rectify.yaml'),
        line: 1,
        key: 'version',
      })
    }
  })

  test('when it is named and missing', async () => {
    const env = { RECTIFY_POLICY: 'missing.yaml' }
    for (const ran of await Promise.all(deciding.map((args) => rectify(args, { cwd: folder(), env })))) {
      expect(ran.status).toBe(2)
      expect(errorOf(ran)).toMatchObject({ kind: 'policy', file: join(folder(), 'missing.yaml') })
    }
  })

  test('also when the command is about stored runs and --policy names it', async () => {
    const commands = ['approve 01K', 'undo 01K', 'unblock 45.155.205.10', 'sweep'].map((command) =>
      command.split(' '),
    )
    const asked = await Promise.all(
      commands.map((args) => run(...args, '--policy', 'missing.yaml', '--json')),
    )
    for (const ran of asked) {
      expect(ran.status).toBe(2)
      expect(errorOf(ran)).toMatchObject({ kind: 'policy' })
    }
  })
})

describe('triage', () => {
  test('of a folder is one document with findings, actions and what was rejected, and touches no state', async () => {
    const ran = await run('triage', EVENTS, '--json')
    const { findings, rejected } = ran.document() as {
      findings: Record<string, unknown>[]
      rejected: unknown[]
    }
    expect(findings.length).toBeGreaterThan(10)
    expect(rejected.length).toBeGreaterThan(0)
    expect(ran.status).toBe(2)
    for (const finding of findings) {
      const actions = finding.actions as unknown[]
      expect('ignored' in finding).toBe(actions.length === 0)
    }
    expect(await readdir(folder())).toEqual([])
  })

  test('reads standard input', async () => {
    const ran = await rectify(['triage', '-', '--json'], {
      cwd: folder(),
      stdin: await readFile(SSH, 'utf8'),
    })
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      findings: [{ type: 'INCOMING_SSH_DISABLED', actions: [{ playbook: 'ec2-close-open-ingress' }] }],
      rejected: [],
    })
  })

  test('of something that is no event has status 2 and still a document', async () => {
    const ran = await rectify(['triage', '-', '--json'], { cwd: folder(), stdin: '{"no":"event"}' })
    expect(ran.status).toBe(2)
    expect(ran.document()).toMatchObject({ findings: [], rejected: [{ code: 'unknownShape' }] })
  })

  test('of a path that cannot be read is an input error', async () => {
    const ran = await run('triage', 'nowhere.json', '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'input', message: expect.stringContaining('nowhere.json') })
  })

  test('for people names finding, playbook, mode and why, without colour in a pipe', async () => {
    const { status, stdout } = await run('triage', SSH)
    expect(status).toBe(0)
    expect(stdout).toMatch(/INCOMING_SSH_DISABLED/)
    expect(stdout).toMatch(/ec2-close-open-ingress +rehearse +no policy file/)
    expect(stdout).not.toContain('\u001b')
  })

  test('needs no AWS for a resource that a person names', async () => {
    const ran = await run('triage', '--playbook', 'ec2-close-open-ingress', '--resource', 'sg-1', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toMatchObject({
      findings: [
        { source: 'manual', actions: [{ playbook: 'ec2-close-open-ingress', reason: 'no policy file' }] },
      ],
    })
  })
})

describe('playbooks', () => {
  test('are all listed with what they answer, read and write', async () => {
    const { playbooks } = (await run('playbooks', '--json')).document() as { playbooks: { id: string }[] }
    expect(playbooks.map(({ id }) => id)).toContain('ec2-close-open-ingress')
    for (const playbook of playbooks)
      expect(playbook).toMatchObject({ answers: expect.any(Array), parameters: {} })
  })

  test('can be looked at one by one', async () => {
    const { status, stdout } = await run('playbooks', 'wafv2-block-attacker-ip')
    expect(status).toBe(0)
    expect(stdout).toMatch(/expiresAfter: "PT24H"/)
  })
})

describe('iam', () => {
  test('prints the policy document whether or not --json is given', async () => {
    const plain = await run('iam', 'ec2-close-open-ingress')
    const json = await run('iam', 'ec2-close-open-ingress', '--json')
    expect(plain.document()).toEqual(json.document())
    expect(plain.document()).toMatchObject({ Version: '2012-10-17' })
    expect(plain.stdout).not.toContain('wafv2')
  })

  test('adds what a policy asks of what resources stand in, and for changing who changed something', async () => {
    const actions = async (line: string, ...more: string[]) => {
      await writeFile(join(folder(), 'rectify.yaml'), `version: 1\n${line}\n`)
      const { document } = await run('iam', 'sqs-remove-public-statement', ...more)
      return (document().Statement as { Action: string[] }[]).flatMap(({ Action }) => Action)
    }
    const alone = await actions('')
    expect(alone).toContain('cloudtrail:LookupEvents')
    expect(
      alone.filter((action) => /^(ec2:DescribeVpcs|cloudformation:|organizations:)/.test(action)),
    ).toEqual([])
    expect(await actions('', '--read-only')).not.toContain('cloudtrail:LookupEvents')
    const further = await actions('tagsOf: [resource, vpc, stack, account]', '--read-only')
    expect(further).toEqual(
      expect.arrayContaining([
        'ec2:DescribeVpcs',
        'ec2:DescribeSecurityGroups',
        'cloudformation:DescribeStacks',
        'organizations:ListTagsForResource',
      ]),
    )
  })
})

describe('runs', () => {
  test('of a folder without any is empty, and makes no folder', async () => {
    const ran = await run('runs', '--json')
    expect(ran.status).toBe(0)
    expect(ran.document()).toEqual({ runs: [], ignored: [], rejected: [] })
    expect(await readdir(folder())).toEqual([])
  })
})

describe('rehearse', () => {
  test.each([
    [['--from', 'guarduty'], /"guarduty" is no detector.*did you mean "guardduty"\?.*config, securityhub/],
    [['--from', 'config,'], /a name between the commas is empty/],
    [['--from', 'config', '--accounts', '12345'], /"12345" is no account/],
    [['--from', 'config', '--ou', 'Production'], /give the id of a unit or root/],
    [['--from', 'config', '--since', 'yesterday'], /give a time, such as 24h/],
    [['--from', 'config', '--calls', '0'], /give a number/],
    [['--since', '7d', SSH], /--since is about --from/],
    [['--accounts', '111122223333', SSH], /--accounts is about --from/],
    [['--from', 'config', '--playbook', 'x', '--resource', 'y'], /either --from or --playbook/],
    [['--resume', '-'], /read from a pipe cannot be gone on with/],
    [['--resume', SSH], /there is nothing to go on with/],
    [['--fail-on', 'irreversibel', SSH], /"irreversibel" is no gate; did you mean "irreversible"\?/],
    [['--traffic', '59m', SSH], /--traffic.*give an hour or more, such as 24h or 7d/],
    [['--traffic', 'yesterday', SSH], /give a time, such as 24h or 7d/],
    [['--traffic-gb', '5', SSH], /--traffic-gb is about --traffic/],
    [['--twin', '--stack', 'prod'], /--twin copies what a look reads, and --stack makes none/],
    [['--fail-on', 'twin-disagrees', SSH], /--fail-on twin-disagrees takes twins: give --twin/],
    [[], /nothing to do: name .*--playbook ID --resource ID, or --from DETECTORS/],
  ])('refuses %j', async (args, message) => {
    const ran = await run('rehearse', ...args, '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) })
  })

  test.each(['rectify.yaml', 'next.yaml'])(
    'writes no report over a policy that it goes by, %s',
    async (over) => {
      const policy = 'version: 1\nrules:\n  - mode: rehearse\n'
      for (const file of ['rectify.yaml', 'next.yaml']) await writeFile(join(folder(), file), policy)
      const both = ['--policy', 'rectify.yaml', '--policy', 'next.yaml']
      const ran = await run(
        'rehearse',
        SSH,
        '--markdown',
        over,
        ...(over === 'next.yaml' ? both : []),
        '--json',
      )
      expect(ran.status).toBe(2)
      expect(errorOf(ran)).toMatchObject({
        message: expect.stringMatching(/--markdown \S+ names what is to be read/),
      })
      expect(await readFile(join(folder(), over), 'utf8')).toBe(policy)
    },
  )

  test('writes no report over an event of a folder, by whatever path', async () => {
    await mkdir(join(folder(), 'events'))
    await writeFile(join(folder(), 'events', 'a.json'), '{}')
    await symlink(join(folder(), 'events'), join(folder(), 'link'))
    await symlink(join(folder(), 'events', 'a.json'), join(folder(), 'a.csv'))
    for (const over of ['events', 'events/a.json', 'link/a.json', 'a.csv']) {
      const ran = await run('rehearse', 'events/', '--csv', over, '--json')
      expect([ran.status, errorOf(ran).message]).toEqual([
        2,
        `--csv ${over} names what is to be read: it would be written over`,
      ])
    }
    const twice = await run('rehearse', 'events/', '--csv', 'events/r', '--markdown', 'link/r', '--json')
    expect(errorOf(twice).message).toBe('--markdown and --csv name the same file')
    expect(await readFile(join(folder(), 'events', 'a.json'), 'utf8')).toBe('{}')
  })

  test('makes no report of what it cannot read, and leaves the one alone that is there', async () => {
    await writeFile(join(folder(), 'there.csv'), 'of yesterday')
    const reports = ['--html', 'a.html', '--csv', 'there.csv', '--markdown', 'a.md', '--junit', 'a.xml']
    const ran = await run('rehearse', 'missing.json', ...reports, '--json')
    expect(ran.status).toBe(2)
    expect(errorOf(ran)).toMatchObject({
      kind: 'input',
      message: expect.stringMatching(/^missing\.json: cannot be read/),
    })
    expect(await readdir(folder())).toEqual(['there.csv'])
    expect(await readFile(join(folder(), 'there.csv'), 'utf8')).toBe('of yesterday')
  })
})
