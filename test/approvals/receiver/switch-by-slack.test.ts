import { beforeEach, describe, expect, test } from '@jest/globals'
import { commandBody } from '../../support/slack-requests.ts'
import { receiverWorld, SLOW, WORKSPACE, type World } from './receiver-under-test.ts'

let world: World

beforeEach(() => {
  world = receiverWorld()
})

describe('/rectify pause', () => {
  test('stops all changes, for any full member, with who and why', async () => {
    expect(await world.command('U0CAT', 'pause release  day')).toBe(
      'Paused: release day. No change starts until somebody resumes.',
    )
    expect(await world.store.control()).toEqual({
      paused: true,
      by: 'slack:T0ACME:U0CAT',
      at: world.clock.iso(),
      reason: 'release day',
    })
  })

  test('stops them also while the policy cannot be read', async () => {
    world.policy = new Error('rectify.yaml: line 3')
    await world.command('U0CAT', 'pause')
    expect(await world.store.control()).toMatchObject({ paused: true })
    expect(world.failures).toEqual(['the policy cannot be read'])
  })

  test.each([
    ['a guest', 'U0GUEST'],
    ['a stranger', 'U0STRANGER'],
    ['one who was deactivated', 'U0GONE'],
  ])('is not for %s', async (_who, user) => {
    await world.command(user, 'pause')
    expect(await world.store.control()).toEqual({ paused: false })
  })

  test('is not for another workspace than that of the policy', async () => {
    world.policy = { workspace: 'T0ELSEWHERE' }
    expect(await world.command('U0ANN', 'pause')).toBe('This deployment is not run from your workspace.')
    expect(await world.store.control()).toEqual({ paused: false })
  })

  test('is not for those of whom Slack does not say who they are', async () => {
    world.failing.users = SLOW
    await world.command('U0ANN', 'pause')
    expect(await world.store.control()).toEqual({ paused: false })
  })
})

describe('/rectify pause of a part', () => {
  test.each([
    ['pause playbook s3-require-tls it broke the shop', 'playbook:s3-require-tls', 'it broke the shop'],
    ['pause PLAYBOOK `s3-require-tls`', 'playbook:s3-require-tls', undefined],
    ['pause account 123456789012 being moved', 'account:123456789012', 'being moved'],
  ])('%s', async (text, scope, reason) => {
    const answer = await world.command('U0CAT', text)
    expect(answer).toContain(`\`/rectify resume ${scope.replace(':', ' ')}\``)
    expect(await world.store.allControls()).toEqual([
      {
        scope,
        control: { paused: true, by: 'slack:T0ACME:U0CAT', at: world.clock.iso(), ...(reason && { reason }) },
      },
    ])
  })

  test.each([
    ['pause playbook s3-requires-tls', 'Did you mean `s3-require-tls`?'],
    ['pause playbook S3', 'Did you mean `s3-block-public-access`, `s3-require-tls`?'],
    ['pause playbook', 'say which playbook, too'],
    ['pause playbook <!here>', 'no playbook is called `!here`. `rectify playbooks` lists them'],
    ['pause account 12345678901', '`12345678901` is not an account, which has 12 digits'],
    ['pause account', 'is not an account'],
  ])('%s pauses nothing, and says what is meant', async (text, says) => {
    const answer = await world.command('U0CAT', text)
    expect(answer).toContain('Nothing was changed')
    expect(answer).toContain(says)
    expect(await world.store.allControls()).toEqual([])
    expect(world.refusals).toMatchObject([{ action: 'pause', why: 'usage' }])
  })

  test('is made also while the policy cannot be read', async () => {
    world.policy = new Error('rectify.yaml: line 3')
    await world.command('U0CAT', 'pause account 123456789012')
    expect(await world.store.allControls()).toMatchObject([{ scope: 'account:123456789012' }])
  })

  test('is not for a guest', async () => {
    await world.command('U0GUEST', 'pause playbook s3-require-tls')
    expect(await world.store.allControls()).toEqual([])
  })
})

describe('/rectify resume of a part', () => {
  const both = ['playbook:s3-require-tls', 'account:123456789012']
  beforeEach(async () => {
    for (const scope of ['all', ...both]) await world.store.setControlOf(scope, { paused: true })
  })
  const standing = async () => (await world.store.allControls()).map(({ scope }) => scope)

  test('ends that pause alone, and says which stand', async () => {
    const answer = await world.command('U0ANN', 'resume playbook s3-require-tls')
    expect(answer).toBe(
      'Resumed playbook `s3-require-tls`: what was held goes on within five minutes. Paused all the same: `account:123456789012`, `all`.',
    )
    expect(await standing()).toEqual(['account:123456789012', 'all'])
  })

  test('ends that of a playbook which is not there any more', async () => {
    await world.store.setControlOf('playbook:gone', { paused: true })
    await world.command('U0ANN', 'resume playbook gone')
    expect(await standing()).toEqual(['account:123456789012', 'all', 'playbook:s3-require-tls'])
    expect(await world.command('U0ANN', 'resume playbook never-there')).toContain('no playbook is called')
  })

  test.each(['resume s3-require-tls', 'resume account 123456789012 now', 'resume please'])(
    '%s is taken for nothing, and least for everything',
    async (text) => {
      expect(await world.command('U0ANN', text)).toContain('Nothing was changed')
      expect(await standing()).toHaveLength(3)
    },
  )

  test('is for operators alone', async () => {
    await world.command('U0CAT', 'resume account 123456789012')
    expect(await standing()).toHaveLength(3)
    expect(world.refusals).toMatchObject([{ why: 'noOperator' }])
  })

  test('that is sent once more does not take back a pause of the same that came after it', async () => {
    const body = commandBody({ user: 'U0ANN', workspace: WORKSPACE, text: 'resume account 123456789012' })
    const resume = world.signed(body)
    await world.send(resume)
    world.clock.advance(30_000)
    await world.command('U0CAT', 'pause account 123456789012 wait')
    await world.send(resume)
    expect(await standing()).toContain('account:123456789012')
    expect(world.refusals).toMatchObject([{ action: 'resume', why: 'overtaken' }])
  })
})

describe('/rectify resume', () => {
  beforeEach(() => world.store.setControl({ paused: true, by: 'somebody' }))

  test('lets changes start again, for an operator of the policy', async () => {
    expect(await world.command('U0ANN', 'resume')).toContain('Resumed')
    expect(await world.store.control()).toMatchObject({ paused: false, by: 'slack:T0ACME:U0ANN' })
  })

  test('says which pauses stand that are not its to end', async () => {
    await world.store.setControlOf('account:123456789012', { paused: true })
    expect(await world.command('U0ANN', 'resume')).toContain('all the same: `account:123456789012`')
    expect(await world.store.allControls()).toMatchObject([{ scope: 'account:123456789012' }])
  })

  test('that is sent once more does not take back a pause that came after it', async () => {
    const body = commandBody({ user: 'U0ANN', workspace: WORKSPACE, text: 'resume' })
    const resume = world.signed(body)
    await world.send(resume)
    world.clock.advance(30_000)
    await world.command('U0CAT', 'pause wait')
    await world.send(resume)
    expect(await world.store.control()).toMatchObject({ paused: true, reason: 'wait' })
    expect(world.refusals).toMatchObject([{ action: 'resume', why: 'overtaken' }])
    await world.command('U0ANN', 'resume')
    expect(await world.store.control()).toMatchObject({ paused: false })
  })

  test('knows operators by their group and by their name, too', async () => {
    world.policy = {
      workspace: WORKSPACE,
      operators: ['S0ONCALL', 'ben'],
      people: [{ name: 'ben', slack: 'U0BEN' }],
    }
    await world.command('U0CAT', 'resume')
    expect(await world.store.control()).toMatchObject({ paused: false, by: 'slack:T0ACME:U0CAT' })
    await world.command('U0BEN', 'resume')
    expect(await world.store.control()).toMatchObject({ paused: false, by: 'slack:T0ACME:U0BEN' })
  })

  test.each([
    ['by somebody else', { workspace: WORKSPACE, operators: ['U0BEN'] }],
    ['where the policy names no operators', { workspace: WORKSPACE }],
    ['where the policy names nobody', { workspace: WORKSPACE, operators: [] }],
    ['where the policy knows no Slack', {}],
    ['where the policy knows another workspace', { workspace: 'T0ELSEWHERE', operators: ['U0ANN'] }],
    ['while the policy cannot be read', new Error('rectify.yaml: line 3')],
  ])('%s is refused', async (_when, policy) => {
    world.policy = policy
    await world.command('U0ANN', 'resume')
    expect(await world.store.control()).toEqual({ paused: true, by: 'somebody' })
    expect(world.refusals).toHaveLength(1)
  })
})
