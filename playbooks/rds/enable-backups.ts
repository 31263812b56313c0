import type { DBInstance } from '@aws-sdk/client-rds'
import * as z from 'zod/mini'
import type { Finding } from '../../src/findings/finding.ts'
import { call } from '../../src/playbook/api.ts'
import { config, prowler, securityHub, trustedAdvisor } from '../../src/playbook/matchers.ts'
import { Unplannable } from '../../src/playbook/playbook.ts'
import { defineSetting } from '../../src/playbook/setting/define-setting.ts'
import { tagsIn } from '../../src/playbook/tags.ts'
import { aDatabase, windowOf } from './databases.ts'

/** What RDS takes (API_ModifyDBInstance), in days. */
const [LEAST, MOST] = [1, 35]
const days = z.int().check(z.gte(LEAST), z.lte(MOST))

const parameters = z.strictObject({
  days: z._default(days, 7).check(z.describe('for how many days automated backups are kept at least')),
  daysTag: z
    ._default(z.string(), '')
    .check(z.describe('tag of a database whose value says the days, and goes before `days`; empty: none')),
})

/** Switches the automated backups of a database on, or keeps them for longer; never for a shorter time. */
export const enableBackups = defineSetting({
  id: 'rds-enable-backups',
  title: 'Back a database up',
  about: {
    risk: 'Without automated backups there is nothing to restore from but snapshots that somebody made by hand, and no way back to a point in time.',
    breaks:
      'Switching backups on stops I/O for seconds to minutes. That waits for the maintenance window, because applying it at once would let in every other change that waits, too; until then the run ends `unverified`. The plan asks a person first. Keeping existing backups longer interrupts nothing.',
  },
  implements: ['rds-backup'],
  ...aDatabase,
  answers: [
    config('DB_INSTANCE_BACKUP_ENABLED'),
    securityHub('RDS.11'),
    prowler('rds_instance_backup_enabled'),
    // Amazon RDS Backups.
    trustedAdvisor('opQPADkZvH'),
  ],
  ruleParameters: ['DB_INSTANCE_BACKUP_ENABLED'],
  suggestedMode: 'approve',
  parameters,
  values: (seen) => {
    const kept = keptBy(seen)
    return kept === undefined ? null : { BackupRetentionPeriod: kept }
  },
  should: (wanted, seen, findings) => ({
    BackupRetentionPeriod: Math.max(
      daysOf(wanted, seen),
      keptBy(seen) ?? 0,
      ...findings.flatMap(daysAskedFor),
    ),
  }),
  set: (DBInstanceIdentifier, values) => call('rds', 'ModifyDBInstance', { DBInstanceIdentifier, ...values }),
  changes: [{ action: 'rds:ModifyDBInstance', resource: aDatabase.arn }],
  unless: ({ DBClusterIdentifier: cluster, AwsBackupRecoveryPointArn: plan }) => {
    if (cluster) return `backups are made of its cluster ${cluster}, which always has them for a day at least`
    return plan && 'AWS Backup makes its backups: how long they are kept is said in its backup plan'
  },
  pending: (seen) =>
    waiting(seen) === undefined ? undefined : `BackupRetentionPeriod is set, and waits for ${windowOf(seen)}`,
  late: (seen) => (keptBy(seen) === 0 ? `RDS switches backups on in ${windowOf(seen)}` : undefined),
  property: 'BackupRetentionPeriod',
  unproven: ({ PreferredBackupWindow: live }, { findings }) => {
    const asked = findings.flatMap(({ evidence }) => evidence.ruleParameters?.preferredBackupWindow ?? [])
    const other = asked.find((each) => each.trim() !== '' && each !== live)
    return other && `the rule asks for the backup window ${other}, and the database has ${live}`
  },
  effect: 'backups cost storage beyond the size of the database',
  warnings: (seen) =>
    seen.BackupRetentionPeriod === 0 ? ['an undo deletes the automated backups made until then'] : [],
  cautions: (seen) => [
    ...(seen.BackupRetentionPeriod === 0 ? [`I/O stops for seconds to minutes in ${windowOf(seen)}`] : []),
    ...(seen.ReadReplicaSourceDBInstanceIdentifier !== undefined
      ? [
          `it is a read replica of ${seen.ReadReplicaSourceDBInstanceIdentifier}, which may be what is backed up`,
        ]
      : []),
  ],
})

/** What was asked for and is not in effect yet. */
const waiting = ({ PendingModifiedValues: pending }: DBInstance): number | undefined =>
  pending?.BackupRetentionPeriod

/** What a check holds a database to, which may be more than the policy asks for. */
function daysAskedFor({ type, evidence: { ruleParameters = {} } }: Finding): number[] {
  const said = [ruleParameters.backupRetentionPeriod, ruleParameters.backupRetentionMinimum]
  // Security Hub asks for 7 days where the control was not told otherwise (user guide, RDS.11).
  if (type === 'RDS.11' && said.every((each) => each === undefined)) return [7]
  return said.map(Number).filter((each) => each >= LEAST && each <= MOST)
}

/** For how many days, as far as RDS has taken it. */
const keptBy = (seen: DBInstance): number | undefined => waiting(seen) ?? seen.BackupRetentionPeriod

/** @throws Unplannable when the tag says no number of days: then nobody knows what was meant */
function daysOf({ days, daysTag }: z.output<typeof parameters>, { TagList }: DBInstance): number {
  const said = daysTag === '' ? undefined : tagsIn(TagList)[daysTag]
  if (said === undefined) return days
  const own = /^\d+$/.test(said.trim()) ? Number(said) : Number.NaN
  if (own >= LEAST && own <= MOST) return own
  throw new Unplannable(
    `its tag ${daysTag} says "${said}", which is no number of days from ${LEAST} to ${MOST}`,
  )
}
