import { describe, expect, test } from '@jest/globals'
import { parseEvents } from '../../src/findings/read.ts'
import { onlyFinding, parseSample, sample } from './hand-written-events.ts'

describe('a port probe', () => {
  const finding = onlyFinding('guardduty-port-probe')

  test('brings every address of every detail, IPv4 and IPv6, each with its port', () => {
    expect(finding.evidence.remotes).toEqual([
      { address: '45.83.64.11', localPort: 22, direction: 'INBOUND' },
      { address: '45.83.64.12', localPort: 22, direction: 'INBOUND' },
      { address: '2a0e:97c0:3ea::12', localPort: 22, direction: 'INBOUND' },
      { address: '91.240.118.31', localPort: 80, direction: 'INBOUND' },
      { address: '91.240.118.32', localPort: 80, direction: 'INBOUND' },
      { address: '193.163.125.7', localPort: 443, direction: 'INBOUND' },
      { address: '2a0e:97c0:3ea::77', localPort: 443, direction: 'INBOUND' },
      { address: '162.142.125.9', localPort: 8080, direction: 'INBOUND' },
    ])
    expect(finding.evidence.ports).toEqual([22, 80, 443, 8080])
  })

  test('brings the groups of all interfaces, each once', () => {
    expect(finding.evidence.groups).toEqual([
      'sg-0a1b2c3d4e5f60718',
      'sg-0b2c3d4e5f6071829',
      'sg-0c3d4e5f607182930',
    ])
  })

  test('has the identity and version that GuardDuty gives', () => {
    expect(finding).toMatchObject({
      id: 'a0c1b2d3e4f5061728394a5b6c7d8e9f',
      version: '2026-03-04T10:30:11.482Z#0000000003',
      source: 'guardduty',
      type: 'Recon:EC2/PortProbeUnprotectedPort',
      severity: 'LOW',
      status: 'active',
      partition: 'aws',
      resources: [{ type: 'AWS::EC2::Instance', id: 'i-0f1e2d3c4b5a69788' }],
    })
  })

  test('seen ten times sorts after the one seen nine times', () => {
    const versions = [9, 10].map((count) => {
      const event = sample('guardduty-port-probe')
      event.detail.service.count = count
      return onlyFinding(event).version
    })
    expect([...versions].sort()).toEqual(versions)
  })

  test('that the administrator sees belongs to the member, and is the same finding', () => {
    const { origin, ...copy } = onlyFinding('guardduty-port-probe-at-administrator')
    expect(copy).toEqual(finding)
    expect(origin).toEqual({ account: '999988887777' })
  })

  test('without the account in the finding is rejected: the envelope may name the administrator', () => {
    const event = sample('guardduty-port-probe')
    delete event.detail.accountId
    expect(parseEvents(event, 'e.json').rejected).toMatchObject([
      { event: 'e.json', code: 'missingField', field: 'detail.accountId' },
    ])
  })
})

describe('a connection', () => {
  test('that comes in has our resource as target, and the groups of its interface', () => {
    expect(onlyFinding('guardduty-ssh-brute-force-target').evidence).toEqual({
      role: 'TARGET',
      remotes: [{ address: '45.83.64.11', localPort: 22, direction: 'INBOUND' }],
      ports: [22],
      groups: ['sg-0a1b2c3d4e5f60718', 'sg-0b2c3d4e5f6071829'],
    })
  })

  // The far side is the victim.
  test('that goes out has our resource as actor', () => {
    expect(onlyFinding('guardduty-ssh-brute-force-actor').evidence).toMatchObject({
      role: 'ACTOR',
      remotes: [{ address: '45.83.64.200', direction: 'OUTBOUND' }],
    })
  })

  test('of a role that is not known is rejected', () => {
    const event = sample('guardduty-ssh-brute-force-target')
    event.detail.service.resourceRole = 'WITNESS'
    expect(parseEvents(event, 'e').rejected).toMatchObject([
      { code: 'unknownShape', field: 'detail.service.resourceRole' },
    ])
  })
})

describe('what is not to be acted on', () => {
  test('a sample is one by its flag', () => {
    const event = sample('guardduty-port-probe')
    event.detail.service.additionalInfo = { sample: true }
    expect(onlyFinding(event).status).toBe('sample')
  })

  test('a sample is one by its title, or by the invented instance', () => {
    const titled = sample('guardduty-port-probe')
    titled.detail.title = '[SAMPLE] Unprotected port'
    expect(onlyFinding(titled).status).toBe('sample')
    const invented = sample('guardduty-port-probe')
    invented.detail.resource.instanceDetails.instanceId = 'i-99999999'
    expect(onlyFinding(invented).status).toBe('sample')
  })

  test('a sample is one by two invented names, in whatever letters the service has them', () => {
    const invented = sample('guardduty-port-probe')
    invented.detail.resource = {
      resourceType: 'RDSDBInstance',
      rdsDbInstanceDetails: {
        dbInstanceIdentifier: 'generatedfindingdbinstanceid',
        dbClusterIdentifier: 'GeneratedFindingDBClusterId',
      },
    }
    expect(onlyFinding(invented).status).toBe('sample')
  })

  test('a sample in an API answer is one by the JSON text in it', () => {
    expect(parseSample('guardduty-get-findings').findings.map((each) => each.status)).toEqual([
      'active',
      'sample',
    ])
  })

  test('an archived finding is archived', () => {
    expect(onlyFinding('guardduty-archived').status).toBe('archived')
  })
})

test('a finding with capitalised names is read like an event', () => {
  const [finding] = parseSample('guardduty-get-findings').findings
  expect(finding).toMatchObject({
    type: 'UnauthorizedAccess:EC2/RDPBruteForce',
    account: '111122223333',
    evidence: {
      role: 'TARGET',
      remotes: [
        { address: '91.240.118.31', localPort: 3389, direction: 'INBOUND' },
        { address: '2a0e:97c0:3ea::77', localPort: 3389, direction: 'INBOUND' },
      ],
      groups: ['sg-0a1b2c3d4e5f60718'],
    },
  })
})

test.each([
  [1, 'LOW'],
  [3.9, 'LOW'],
  [4, 'MEDIUM'],
  [7, 'HIGH'],
  [8.9, 'HIGH'],
  [9, 'CRITICAL'],
  ['5.0', 'MEDIUM'],
])('a severity of %p is %s', (severity, name) => {
  const event = sample('guardduty-port-probe')
  event.detail.severity = severity
  expect(onlyFinding(event).severity).toBe(name)
})

test.each([
  ['awsApiCallAction', { remoteIpDetails: { ipAddressV4: '45.83.64.11' } }, ['45.83.64.11']],
  ['awsApiCallAction', { domainDetails: { domain: 'cloudtrail.amazonaws.com' } }, undefined],
  [
    'kubernetesApiCallAction',
    { sourceIPs: ['45.83.64.12', '45.83.64.11'], remoteIpDetails: { ipAddressV4: '45.83.64.11' } },
    ['45.83.64.11', '45.83.64.12'],
  ],
  ['rdsLoginAttemptAction', { remoteIpDetails: { ipAddressV6: '2a0e:97c0:3ea::77' } }, ['2a0e:97c0:3ea::77']],
  ['dnsRequestAction', { domain: 'example.com' }, undefined],
])('%s: callers have an address and no port', (name, action, addresses) => {
  const event = sample('guardduty-port-probe')
  event.detail.service.action = { [name]: action }
  const { remotes, ports } = onlyFinding(event).evidence
  expect(remotes).toEqual(addresses?.map((address) => ({ address })))
  expect(ports).toBeUndefined()
})

test('the resource that the finding is about comes first', () => {
  const event = sample('guardduty-port-probe')
  event.detail.resource.resourceType = 'AccessKey'
  event.detail.resource.accessKeyDetails = {
    accessKeyId: 'AKIAEXAMPLE',
    userName: 'build',
    userType: 'IAMUser',
  }
  const finding = onlyFinding(event)
  expect(finding.resources.map((each) => each.type)).toEqual(['AWS::IAM::AccessKey', 'AWS::EC2::Instance'])
  expect(finding.evidence).toMatchObject({ principal: 'build', accessKeyId: 'AKIAEXAMPLE' })
})

test('a time that cannot be read does not kill a finding that has another', () => {
  const event = sample('guardduty-port-probe')
  event.detail.updatedAt = 'soon'
  expect(onlyFinding(event).observedAt).toBe('2026-03-04T10:21:05.000Z')
})

describe('the key that a call on a bucket was made with', () => {
  const key = { accessKeyId: 'AKIAEXAMPLE', userName: 'bob', userType: 'IAMUser' }
  const called = (caller: object | undefined, more: object = { s3BucketDetails: [{ name: 'invoices' }] }) => {
    const event = sample('guardduty-port-probe')
    event.detail.resource = { resourceType: 'S3Bucket', accessKeyDetails: key, ...more }
    event.detail.service.action = { awsApiCallAction: { remoteAccountDetails: caller } }
    const { resources, evidence } = onlyFinding(event)
    expect(evidence).toMatchObject({ accessKeyId: key.accessKeyId, principal: 'bob' })
    return resources.map(({ id }) => id)
  }

  test.each([
    [undefined, ['invoices', 'AKIAEXAMPLE']],
    [{ accountId: '111122223333', affiliated: true }, ['invoices', 'AKIAEXAMPLE']],
    [{ accountId: '444455556666', affiliated: true }, ['invoices']],
    [{ accountId: '444455556666', affiliated: false }, ['invoices']],
    [{ affiliated: false }, ['invoices']],
    [{ affiliated: 'false' }, ['invoices']],
  ])('by %j is a resource of the account or evidence only: %j', (caller, named) => {
    expect(called(caller)).toEqual(named)
  })

  test('stands for what it is about where nothing else does', () => {
    expect(called({ accountId: '444455556666' }, {})).toEqual(['AKIAEXAMPLE'])
  })
})

describe('the old spelling of a type, with a blank for the slash,', () => {
  test.each([
    ['Recon:EC2 PortProbeUnprotectedPort', 'Recon:EC2/PortProbeUnprotectedPort'],
    ['UnauthorizedAccess:EC2  SSHBruteForce', 'UnauthorizedAccess:EC2/SSHBruteForce'],
    ['Policy:S3 BucketPublicAccessGranted', 'Policy:S3/BucketPublicAccessGranted'],
    ['AttackSequence:IAM CompromisedCredentials', 'AttackSequence:IAM/CompromisedCredentials'],
    ['Backdoor:Lambda C&CActivity.B', 'Backdoor:Lambda/C&CActivity.B'],
  ])('%s is the type %s', (old, type) => {
    expect(onlyFinding({ ...sample('guardduty-port-probe').detail, type: old }).type).toBe(type)
    expect(onlyFinding({ ...sample('guardduty-port-probe').detail, type }).type).toBe(type)
  })
})
