import { describe, expect, test } from '@jest/globals'
import { onlyFinding, sample } from './hand-written-events.ts'

/** A brute force on an instance, with the far side as given. */
function bruteForce(remoteIpDetails: object | undefined, role = 'TARGET', direction = 'INBOUND') {
  const event = sample('guardduty-ssh-brute-force-target')
  const action = event.detail.service.action.networkConnectionAction
  event.detail.service.resourceRole = role
  action.connectionDirection = direction
  if (remoteIpDetails === undefined) delete action.remoteIpDetails
  else action.remoteIpDetails = remoteIpDetails
  return onlyFinding(event).evidence
}

describe('the far side of a connection', () => {
  test('that our resource attacks is the victim, and told so', () => {
    expect(bruteForce({ ipAddressV4: '203.0.114.9' }, 'ACTOR', 'OUTBOUND')).toMatchObject({
      role: 'ACTOR',
      remotes: [{ address: '203.0.114.9', direction: 'OUTBOUND' }],
    })
  })

  test('of which no address is told is none: no empty one either', () => {
    for (const details of [undefined, {}, { ipAddressV4: '' }, { ipAddressV4: null }, { country: {} }]) {
      expect(bruteForce(details)).toMatchObject({ role: 'TARGET', ports: [22] })
      expect(bruteForce(details).remotes).toBeUndefined()
    }
  })

  test('is both of its addresses, where IPv4 and IPv6 are told', () => {
    expect(bruteForce({ ipAddressV4: '45.83.64.11', ipAddressV6: '2a0e:97c0:3ea::12' }).remotes).toEqual([
      { address: '45.83.64.11', localPort: 22, direction: 'INBOUND' },
      { address: '2a0e:97c0:3ea::12', localPort: 22, direction: 'INBOUND' },
    ])
  })

  test.each([
    '::ffff:45.83.64.11',
    '::FFFF:2d53:400b',
    '0:0:0:0:0:ffff:45.83.64.11',
    '0000:0000:0000:0000:0000:ffff:2d53:400b',
  ])('written as %s is 45.83.64.11, once', (mapped) => {
    expect(bruteForce({ ipAddressV4: '45.83.64.11', ipAddressV6: mapped }).remotes).toEqual([
      { address: '45.83.64.11', localPort: 22, direction: 'INBOUND' },
    ])
  })

  test.each([
    ['of its own', '2A0E:97C0:03EA::0012'],
    ['that only ends like IPv4', '::8.8.8.8'],
    ['with ffff elsewhere', '::ffff:0:45.83.64.11'],
    ['that is none', '::ffff:45.83.64.300'],
  ])('keeps the spelling of the detector when it is IPv6 %s', (_, ipAddressV6) => {
    expect(bruteForce({ ipAddressV6 }).remotes).toMatchObject([{ address: ipAddressV6 }])
  })
})

test('forty probes of a port bring forty addresses', () => {
  const event = sample('guardduty-port-probe')
  const addresses = Array.from({ length: 40 }, (_, index) => `45.83.65.${index + 1}`)
  event.detail.service.action.portProbeAction.portProbeDetails = addresses.map((ipAddressV4) => ({
    localPortDetails: { port: 22 },
    remoteIpDetails: { ipAddressV4 },
  }))
  const { remotes } = onlyFinding(event).evidence
  expect(remotes?.map(({ address }) => address)).toEqual(addresses)
})
