import * as z from 'zod'
import { SEVERITIES } from '../../src/findings/finding.ts'

/** The shape of a finding, with nothing beside. */
const iso = z.iso.datetime({ precision: 3 })
const said = z.string().min(1)

export const findingShape = z.strictObject({
  id: said,
  version: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#\d{10}$/),
  source: z.enum([
    'config',
    'guardduty',
    'securityhub',
    'inspector',
    'trustedadvisor',
    'cloudtrail',
    'accessanalyzer',
    'macie',
    'health',
    'prowler',
    'custodian',
    'schedule',
    'ssm',
    'tag',
  ]),
  via: z.literal('securityhub').exactOptional(),
  origin: z
    .strictObject({
      account: said.exactOptional(),
      region: said.exactOptional(),
      form: z.enum(['asff', 'ocsf']).exactOptional(),
      id: said.exactOptional(),
      product: said.exactOptional(),
      analyzer: said.exactOptional(),
    })
    .exactOptional(),
  type: said,
  title: said,
  severity: z.enum(SEVERITIES),
  status: z.enum([
    'active',
    'resolved',
    'archived',
    'suppressed',
    'muted',
    'passed',
    'sample',
    'dryRun',
    'failedCall',
    'own',
    'notice',
  ]),
  account: said,
  region: said,
  partition: said,
  resources: z.array(z.strictObject({ type: said, id: said, arn: said.exactOptional() })).min(1),
  observedAt: iso,
  evidence: z.strictObject({
    role: z.enum(['TARGET', 'ACTOR']).exactOptional(),
    remotes: z
      .array(
        z.strictObject({
          address: said,
          localPort: z.int().min(0).max(65_535).exactOptional(),
          direction: z.enum(['INBOUND', 'OUTBOUND']).exactOptional(),
        }),
      )
      .min(1)
      .exactOptional(),
    ports: z.array(z.int().min(0).max(65_535)).min(1).exactOptional(),
    groups: z.array(said).min(1).exactOptional(),
    ruleName: said.exactOptional(),
    ruleParameters: z.record(z.string(), z.string()).exactOptional(),
    principal: said.exactOptional(),
    accessKeyId: said.exactOptional(),
    userType: said.exactOptional(),
    images: z.array(said).min(1).exactOptional(),
    objects: z.array(said).min(1).exactOptional(),
    group: said.exactOptional(),
    isPublic: z.literal(true).exactOptional(),
    packages: z
      .array(z.strictObject({ name: said, manager: said, fixAvailable: said }))
      .min(1)
      .exactOptional(),
  }),
})

export const rejectionShape = z.strictObject({
  event: said,
  code: z.enum(['notJson', 'unknownShape', 'unsupportedSource', 'missingField', 'tooLarge']),
  field: said.exactOptional(),
  reason: said,
})
