import { describe, expect, test } from '@jest/globals'
import { isMap } from 'yaml'
import { playbooks } from '../../playbooks/index.ts'
import { DETECTORS } from '../../src/detectors/all-detectors.ts'
import { ORGANIZATION_NEEDS } from '../../src/engine/account-places.ts'
import { CALENDAR_READ } from '../../src/engine/rails/calendars.ts'
import { REHEARSAL_NEEDS } from '../../src/engine/rehearsing/rehearsal-needs.ts'
import { STACK_NEEDS, VPC_NEEDS } from '../../src/engine/tags/tagged-places.ts'
import { TRAIL_NEEDS } from '../../src/engine/trail/trail.ts'
import { type Permission, readPermissions, writePermissions } from '../../src/playbook/permissions.ts'
import { fillArn } from '../../src/playbook/playbook.ts'
import { iamActionOf } from '../../src/playbook/service/service.ts'
import { DETECTOR_SERVICES } from '../../src/writeback/detector-services.ts'
import { TELL_NEEDS } from '../../src/writeback/telling-needs.ts'
import {
  arnOf,
  resourcesOf,
  type Statement,
  statementsOf,
  statementsOfRole,
  template,
  textOf,
} from './cloudformation.ts'

/**
 * What playbooks look with and change with, and detectors are asked by. The engine itself calls some of the same services,
 * by other actions.
 */
const DECLARED = new Set([
  ...playbooks.flatMap(({ reads, writes }) => [...reads, ...writes.map(({ action }) => action)]),
  ...DETECTORS.flatMap(({ needs }) => needs.map(({ action }) => action)),
])

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort()
const actions = (statements: Statement[]) => sorted(statements.flatMap(({ Action }) => Action))
/** One line per action and resource. */
const grants = (statements: Statement[]) =>
  sorted(
    statements.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => `${action} ${textOf(resource) ?? arnOf(resource)}`),
      ),
    ),
  )

/** What a role of a template may. */
function permissions(path: string, role: string): Statement[] {
  return statementsOfRole(template(path).document, role)
}

/** The same lines of what playbooks declare. */
function lines(permissions: Permission[], region: string): string[] {
  return sorted(
    permissions.map(({ action, resource }) => `${action} ${fillArn(resource, { ...PLACE, region })}`),
  )
}

const PLACE = { partition: '{partition}', region: '{region}', account: '{account}' }
const ROLES = [
  // The hub asks of the organisation what rules want to know of any of its accounts.
  { path: 'template.yaml', region: PLACE.region, besides: [...ORGANIZATION_NEEDS, ...TRAIL_NEEDS] },
  // Its roles serve the hubs of all regions.
  { path: 'member-role.yaml', region: '*', besides: TRAIL_NEEDS },
]

describe.each(ROLES)('the session roles of $path', ({ path, region, besides }) => {
  test('read exactly what the playbooks and detectors declare to read, each on its kind of resource', () => {
    const looked = [...playbooks.flatMap(readPermissions), ...DETECTORS.flatMap(({ needs }) => needs)]
    const declared = [...looked, ...besides]
    // Freezes are the hub's to ask about, wherever the calendar is.
    const calendars = path === 'template.yaml' ? [`${CALENDAR_READ} arn:{partition}:ssm:*:*:document/*`] : []
    const stacks = lines([...STACK_NEEDS], '*')
    // A member is rehearsed from outside: about its changing role and no other, whose ARN is known here.
    const isMember = path === 'member-role.yaml'
    const checks = isMember ? REHEARSAL_NEEDS.filter(({ action }) => !action.startsWith('iam:')) : []
    const simulated = isMember ? ['iam:SimulatePrincipalPolicy ChangeRole'] : []
    expect(grants(permissions(path, 'ReadRole'))).toEqual(
      sorted([...lines([...declared, ...checks], region), ...calendars, ...stacks, ...simulated]),
    )
  })

  test('read tags of VPCs by what playbooks read, and those of stacks only where that is asked for', () => {
    const read = new Set(actions(permissions(path, 'ReadRole')))
    expect(VPC_NEEDS.filter(({ action }) => !read.has(action))).toEqual([])
    const { template: parsed } = template(path)
    const [, { Properties }] = resourcesOf(parsed, 'AWS::IAM::Role').find(([name]) => name === 'ReadRole')!
    const conditional = Properties.Policies.filter((each: object) => 'Fn::If' in each)
    expect(conditional).toEqual([
      { 'Fn::If': ['GoesByTagsOfStacks', expect.anything(), { Ref: 'AWS::NoValue' }] },
    ])
    expect(parsed.Parameters.TagsOfStacks).toMatchObject({
      Default: 'false',
      AllowedValues: ['true', 'false'],
    })
  })

  test('change exactly what the playbooks declare to change, each on its kind of resource', () => {
    const declared = playbooks.flatMap(writePermissions)
    expect(grants(permissions(path, 'ChangeRole'))).toEqual(lines(declared, region))
  })

  test('do not change anything as the reading role, nor read as the changing one', () => {
    const writes = new Set(playbooks.flatMap((playbook) => playbook.writes.map(({ action }) => action)))
    // Whoever sets the tags of a bucket reads them first.
    const besides = new Set(
      playbooks.flatMap(({ writesAlsoNeed = [] }) => writesAlsoNeed.map(({ action }) => action)),
    )
    const reads = new Set(playbooks.flatMap((playbook) => playbook.reads))
    expect(actions(permissions(path, 'ReadRole')).filter((action) => writes.has(action))).toEqual([])
    const changing = actions(permissions(path, 'ChangeRole'))
    expect(changing.filter((action) => reads.has(action) && !besides.has(action))).toEqual([])
  })

  test('reach no other region or account than they must', () => {
    const resources = [...permissions(path, 'ReadRole'), ...permissions(path, 'ChangeRole')]
      // A calendar may be of any region and account, and a stack of any region.
      .filter(({ Action }) => ![CALENDAR_READ, STACK_NEEDS[0]!.action].some((each) => Action.includes(each)))
      .flatMap(({ Resource }) => Resource)
      .map((resource) => textOf(resource)?.split(':') ?? [])
      .filter((parts) => parts.length > 1)
    for (const [arn, partition, service, itsRegion, account, name] of resources) {
      // Buckets and hosted zones have neither in their ARNs.
      if (service === 's3' || service === 'route53') {
        expect([arn, partition, itsRegion, account]).toEqual(['arn', PLACE.partition, '', ''])
        continue
      }
      // An organisation is in no region, and its management account is not known here.
      if (service === 'organizations') {
        expect([arn, partition, itsRegion, account]).toEqual(['arn', PLACE.partition, '', '*'])
        continue
      }
      const [scope = '', kind = ''] = name?.split('/') ?? []
      // Web ACLs and sets of CloudFront live in one region, and the Amplify apps behind them in any.
      const regions = { global: 'us-east-1', apps: '*' } as Record<string, string>
      // IAM and CloudFront are in no region.
      const usual = service === 'iam' || service === 'cloudfront' ? '' : region
      // CloudFront takes certificates of one region, beside those of the region that are renewed.
      const isServed = service === 'acm' && itsRegion === 'us-east-1'
      const wanted = isServed ? 'us-east-1' : (regions[scope] ?? usual)
      expect([arn, partition, itsRegion]).toEqual(['arn', PLACE.partition, wanted])
      // Snapshots, images and the documents of AWS carry no account; a prefix list and a shared rule group may be of any.
      const ofAws = kind.startsWith('AWS-') ? '' : PLACE.account
      const accounts = {
        snapshot: '',
        image: '',
        document: ofAws,
        'prefix-list': '*',
        rulegroup: '*',
      } as Record<string, string>
      // Snapshots of RDS carry one.
      const own = service === 'rds' ? undefined : (accounts[kind] ?? accounts[scope])
      expect(account).toBe(own ?? PLACE.account)
    }
  })
})

describe.each(ROLES)('the role of $path by which detectors are told', ({ path, region }) => {
  const tells = statementsOf(template(path).document.getIn(['Resources', 'TellRole']))

  test('may send exactly what is sent to them', () => {
    const services = DETECTOR_SERVICES.map(async (service) => {
      const names = Object.keys(await service.load()).flatMap(
        (name) => /^(\w+)Command$/.exec(name)?.[1] ?? [],
      )
      return names.map((operation) => iamActionOf(service, operation))
    })
    return Promise.all(services).then((all) => expect(actions(tells)).toEqual(sorted(all.flat())))
  })

  test('may do what `rectify iam --tell` prints', () => {
    expect(sorted(TELL_NEEDS.map(({ action }) => action))).toEqual(actions(tells))
  })

  test('reaches no other region or account', () => {
    const named = tells.flatMap(({ Resource }) => Resource).filter((resource) => textOf(resource) !== '*')
    expect(named.length).toBe(3)
    for (const resource of named) {
      const [, partition, , itsRegion, account] = textOf(resource)?.split(':') ?? []
      expect([partition, itsRegion, account]).toEqual([PLACE.partition, region, PLACE.account])
    }
  })
})

/** What the functions do to the stack's own things, which playbooks do to others': secrets by their names, its queues. */
const OWN = ['ssm:GetParameter', 'sqs:GetQueueAttributes']
/** The same of one role alone: it hands the timers their role, it starts the sweeper, it goes by the policy in S3. */
const OWN_OF: Record<string, string[]> = {
  RunnerRole: ['iam:PassRole', 's3:GetBucketVersioning'],
  IntakeRole: ['s3:GetBucketVersioning'],
  SweeperRole: ['s3:GetBucketVersioning'],
  SlackRole: ['s3:GetBucketVersioning'],
  SweeperScheduleRole: ['lambda:InvokeFunction'],
}

describe('permissions on services that are put right', () => {
  const { document, template: parsed } = template('template.yaml')
  const resources = document.get('Resources')
  const names = isMap(resources) ? resources.items.map(({ key }) => String(key)) : []

  test('are found to begin with', () => {
    expect(names.length).toBeGreaterThan(30)
    expect(DECLARED.size).toBeGreaterThan(30)
  })

  // Least power: a function has them only while it plays a session role.
  test('belong to the session roles and to nobody else', () => {
    // Who tells detectors looks at them as those do who switch them on: as a role of its own.
    const others = names.filter((name) => name !== 'TellRole')
    const holders = others.filter((name) =>
      statementsOf(document.getIn(['Resources', name])).some(({ Action }) =>
        Action.some((action) => DECLARED.has(action) && ![...OWN, ...(OWN_OF[name] ?? [])].includes(action)),
      ),
    )
    const roles = resourcesOf(parsed, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
      (Properties.ManagedPolicyArns ?? []).map(({ Ref }: { Ref: string }) => ({ role, policy: Ref })),
    )
    expect(holders.length).toBeGreaterThan(8)
    expect(roles.map(({ policy }) => policy).sort()).toEqual(holders.sort())
    expect(sorted(roles.map(({ role }) => role))).toEqual(['ChangeRole', 'ReadRole'])
    const attaching = resourcesOf(parsed, 'AWS::IAM::ManagedPolicy').filter(
      ([, { Properties }]) => 'Roles' in Properties || 'Users' in Properties || 'Groups' in Properties,
    )
    expect(attaching).toEqual([])
  })

  test('are never given by a whole service or by a pattern', () => {
    const all = names.flatMap((name) => statementsOf(document.getIn(['Resources', name])))
    expect(all.length).toBeGreaterThan(20)
    expect(actions(all).filter((action) => action.includes('*'))).toEqual([])
  })
})
