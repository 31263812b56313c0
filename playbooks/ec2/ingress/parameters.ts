import * as z from 'zod/mini'
import { WEB_PORTS } from '../../../src/playbook/network/web-ports.ts'

const port = z.int().check(z.gte(0), z.lte(65535))

/** A source as wide as those that go would be the hole again: the defaults of what is wide. */
const narrow = z.union([z.cidrv4(), z.cidrv6()]).check(
  z.refine((cidr) => Number(cidr.split('/')[1]) > (cidr.includes(':') ? 16 : 8), {
    error: 'is as wide as what would go: a prefix longer than /8, of IPv6 longer than /16, is meant',
  }),
)

/** What the policy may say about closing open ingress. */
export const parameters = z.strictObject({
  ports: z
    ._default(z.nullable(z.array(port).check(z.minLength(1))), null)
    .check(
      z.describe(
        'what may be closed, whatever finds it; null: what the finding names, and 20, 21, 22, 3306, 3389, 4333 if it names none',
      ),
    ),
  replaceWith: z
    ._default(z.array(narrow), [])
    .check(
      z.describe(
        'address ranges that get in where the world could: authorized before its rules are revoked, on the same ports',
      ),
    ),
  webPorts: z
    ._default(z.array(port), [...WEB_PORTS])
    .check(
      z.describe(
        'web ports: unless ports names them they stay open when they are only probed or seen open, and a person is asked about one that only a list of the detector names',
      ),
    ),
  threshold: z
    ._default(z.number().check(z.gt(0), z.lte(1)), 0.5)
    .check(z.describe('share of the public address space from which on a port counts as open to the world')),
  maxPrefixV4: z
    ._default(z.int().check(z.gte(0), z.lte(32)), 8)
    .check(z.describe('IPv4 sources with a prefix so long or shorter are wide and go; narrower ones stay')),
  maxPrefixV6: z._default(z.int().check(z.gte(0), z.lte(128)), 16).check(z.describe('the same for IPv6')),
  maxPublicInterfaces: z
    ._default(z.int().check(z.gte(0)), 10)
    .check(z.describe('where more interfaces with a public address wear the group, a person is asked')),
  askForLoadBalancer: z
    ._default(z.boolean(), true)
    .check(z.describe('whether a person is asked where a load balancer wears the group')),
})
