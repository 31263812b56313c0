import * as z from 'zod'

/**
 * The JSON documents of the command line as the specification pins them, written down a second time and not derived
 * from the program. More fields may be added to them, none may go or change its kind.
 */

const account = z.string().regex(/^\d{12}$/)
const region = z.string().regex(/^[a-z]{2,}(-[a-z]+)+-\d$/)
const instant = z.iso.datetime({ precision: 3 })
const ulid = z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/)
const hash = z.string().regex(/^sha256:[0-9a-f]{64}$/)
const action = z.string().regex(/^[a-z0-9]+:[A-Z]\w+$/)
const mode = z.enum(['auto', 'approve', 'rehearse', 'notify', 'off'])
const text = z.string().min(1)
const input = z.record(z.string(), z.unknown())

const call = z.object({ service: text, operation: text, input })
const merge = z.object({ field: text, add: z.array(z.string()), remove: z.array(z.string()) })
const permission = z.object({ action, resource: text })

const step = z.object({
  id: text,
  summary: text,
  call,
  merge: merge.nullable(),
  undo: z.union([z.array(call).min(1), z.object({ irreversible: text })]),
  permissions: z.array(permission).min(1),
})

const plan = z.object({
  hash,
  steps: z.array(step).min(1),
  before: z.unknown().refine((value) => value !== undefined),
  after: z.unknown().refine((value) => value !== undefined),
  impact: z.object({
    summary: text,
    affected: z.array(z.object({ type: text, id: text })),
    count: z.int().min(0),
  }),
  warnings: z.array(text),
})

const STEP_STATUS = [
  ...(['applied', 'alreadyDone', 'dryRunOk', 'dryRunDenied', 'notCheckable'] as const),
  ...(['simulatedOk', 'simulatedDenied'] as const),
  ...(['failed', 'undone', 'skipped'] as const),
]
const missing = z.strictObject({
  action: z.string().regex(/^[a-z0-9-]+:[A-Z]\w+$/),
  resource: text,
  principal: text,
  where: z.enum(['hub', 'member', 'boundary', 'organization', 'session']),
  statement: z.union([
    z.strictObject({ Effect: z.literal('Allow'), Action: text, Resource: text }),
    z.strictObject({ none: text }),
  ]),
})
const result = z.object({
  step: text,
  status: z.enum(STEP_STATUS),
  by: z.enum(['DryRun', 'SimulatePrincipalPolicy', 'ValidatePolicy', 'CheckNoPublicAccess']).nullable(),
  missing: z.array(missing).optional(),
  why: text.optional(),
  evidence: text.nullable(),
  error: z
    .object({ name: text, code: text, action: action.nullable(), principal: text.nullable() })
    .nullable(),
})

const OUTCOMES = [
  ...(['remediated', 'alreadyCompliant', 'resourceGone', 'notApplicable', 'planned', 'rehearsed'] as const),
  ...(['notified', 'off', 'exempted', 'blocked', 'declined', 'expired', 'unverified', 'failed'] as const),
  ...(['rolledBack', 'undone'] as const),
]

const difference = z.strictObject({
  field: text,
  expected: z.unknown().optional(),
  twin: z.unknown().optional(),
})
const ended = { outcome: z.enum(OUTCOMES).nullable(), reason: z.string() }
const twin = z.strictObject({
  status: z.enum(['agrees', 'disagrees', 'notShown', 'notCopied']),
  why: text,
  copied: z.array(text),
  assumed: z.array(text),
  notCopied: z.array(z.strictObject({ action: text, why: text })),
  notShown: z.array(text),
  plan: z.array(difference),
  applied: z.strictObject({ ...ended, calls: z.array(text) }).optional(),
  undone: z.strictObject({ ...ended, differs: z.array(difference), notAsBefore: z.array(text) }).optional(),
})

const run = z
  .object({
    run: ulid,
    undoOf: ulid.nullable(),
    findings: z.array(text).min(1),
    playbook: text,
    resource: text,
    key: text,
    account,
    region,
    mode: mode.nullable(),
    state: z.enum(['open', 'waiting', 'closed']),
    waitingFor: z.enum(['approval', 'lock', 'settling', 'pause', 'freeze', 'limit', 'breaker']).nullable(),
    heldBy: z.optional(
      z.strictObject({
        rail: z.enum(['pause', 'freeze', 'limit', 'breaker']),
        reason: z.string(),
        until: z.optional(z.string()),
        scope: z.optional(z.string()),
      }),
    ),
    outcome: z.enum(OUTCOMES).nullable(),
    reason: z.string(),
    ruling: z.object({ mode: text, reason: text }).nullable(),
    plan: plan.nullable(),
    results: z.array(result),
    startedAt: instant,
    endedAt: instant.nullable(),
    verifiedAt: instant.nullable(),
    undoneBy: ulid.nullable(),
    incident: text.nullable(),
    approvals: z
      .array(
        z.object({
          verdict: z.enum(['approve', 'decline', 'exempt']),
          by: text,
          person: text.nullable(),
          via: z.enum(['slack', 'cli']),
          at: instant,
          hash,
        }),
      )
      .optional(),
    twin: twin.optional(),
    warnings: z.array(text).optional(),
    told: z
      .array(
        z.object({
          to: z.enum(['securityhub', 'guardduty', 'config', 'accessanalyzer']),
          finding: text.optional(),
          at: instant,
          ok: z.boolean(),
          said: text.optional(),
          reason: text.optional(),
        }),
      )
      .optional(),
    card: z.object({ channel: text, ts: text }).nullable().optional(),
    audit: z.array(z.object({ at: instant, event: text })).optional(),
  })
  .refine(({ state, outcome, endedAt }) => (state === 'closed') === (outcome !== null && endedAt !== null), {
    error: 'a run has an outcome and an end when it is closed, and only then',
  })
  .refine(({ state, waitingFor }) => (state === 'waiting') === (waitingFor !== null), {
    error: 'a run says what it waits for while it waits, and only then',
  })

const REJECTIONS = ['notJson', 'unknownShape', 'unsupportedSource', 'missingField', 'tooLarge'] as const
const rejected = z.array(
  z.object({ event: text, code: z.enum(REJECTIONS), field: text.optional(), reason: text }),
)

/** `plan`, `rehearse`, `apply`, `approve`, `decline`, `undo`, `sweep`, `runs`. */
export const Reported = z.object({
  runs: z.array(run),
  ignored: z.array(z.object({ finding: text, reason: text })),
  rejected,
})
export type Reported = z.output<typeof Reported>
export type ReportedRun = Reported['runs'][number]

/** `triage`. */
export const Triaged = z.object({
  findings: z.array(
    z
      .object({
        id: text,
        source: text,
        type: text,
        severity: z.enum(['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
        status: z.enum(['active', 'resolved', 'archived', 'suppressed', 'sample']),
        account,
        region,
        resources: z.array(z.object({ type: text, id: text })).min(1),
        actions: z.array(
          z.object({
            playbook: text,
            mode: z.enum([...mode.options, 'blocked', 'exempted', 'undecided']),
            reason: text,
          }),
        ),
        ignored: text.optional(),
      })
      .refine(({ actions, ignored }) => (actions.length === 0) === (ignored !== undefined), {
        error: 'a finding has actions or a reason why not',
      }),
  ),
  rejected,
})
export type Triaged = z.output<typeof Triaged>

/** Nothing was done. */
export const Failed = z.object({
  error: z.object({
    kind: z.enum(['usage', 'policy', 'input', 'credentials', 'endpoint']),
    message: text,
    file: text.optional(),
    line: z.int().positive().optional(),
    key: text.optional(),
  }),
})
export type Failed = z.output<typeof Failed>

/** `sandbox`: one line when it is ready. */
export const SandboxReady = z.object({
  endpoint: z.string().regex(/^http:\/\/127\.0\.0\.1:\d+$/),
  region,
  account,
  env: z.object({
    AWS_ENDPOINT_URL: text,
    AWS_ACCESS_KEY_ID: text,
    AWS_SECRET_ACCESS_KEY: text,
    AWS_REGION: region,
  }),
  seeds: z.record(z.string(), text),
  pid: z.int().positive(),
})
