import { textIn } from '../../policy/file/find.ts'
import { PolicyError } from '../../policy/file/policy-error.ts'
import type { PolicyFromFile } from '../../policy/rules.ts'
import { whyNotNext } from '../../policy/versions/successor.ts'
import type { PolicyRecord } from '../../store/policy-record.ts'
import type { PolicyInForcePorts } from './in-force-ports.ts'
import { MOST_POLICY_BYTES, type ReadVersion } from './s3-object.ts'

type InForce = NonNullable<PolicyRecord['inForce']>

/** What is found of the newest version. */
export interface Verdict {
  /** Why it is not in force; absent where it is, or shall be from now on. */
  refused?: string
  /** As it was loaded to be judged. */
  policy?: PolicyFromFile
}

const NAME = 'the deployed policy'

/** Says whether a version that was found may be in force, and loads the one that is. */
export class Judge {
  readonly #ports: PolicyInForcePorts

  constructor(ports: PolicyInForcePorts) {
    this.#ports = ports
  }

  /** @param policy the version in force, where it is loaded */
  async verdict(
    found: ReadVersion,
    inForce: InForce | undefined,
    policy: PolicyFromFile | undefined,
  ): Promise<Verdict> {
    const { s3Version, bytes, sha256 } = found
    if (s3Version === inForce?.s3Version) return {}
    if (bytes === undefined) return { refused: `it has over ${MOST_POLICY_BYTES} bytes` }
    if (s3Version === 'null' || !(await this.#ports.object.isVersioned()))
      return { refused: 'its bucket keeps no versions: switch versioning on, and put the policy there again' }
    let loaded: PolicyFromFile
    try {
      loaded = await this.#load(found, bytes)
    } catch (error) {
      if (error instanceof PolicyError) return { refused: error.message }
      throw error
    }
    if (inForce === undefined) return { policy: loaded }
    const before = inForce.protect ? await this.#before(inForce, policy) : undefined
    const next = { text: textIn(bytes, NAME), sha256, policy: loaded.policy }
    const refused = whyNotNext(
      { ...inForce, ...(before && { policy: before.policy }) },
      next,
      this.#ports.clock.now(),
    )
    return refused === undefined ? { policy: loaded } : { refused }
  }

  /** What is to be remembered: the record itself where it says so already. */
  recordAfter(record: PolicyRecord, found: ReadVersion, verdict: Verdict): PolicyRecord {
    const { revision, inForce, refused } = record
    const { s3Version, sha256 } = found
    const version = { s3Version, sha256 }
    const { refused: reason, policy } = verdict
    if (reason !== undefined) {
      const isKnown = refused?.s3Version === s3Version && refused.sha256 === sha256
      if (isKnown) return record
      const at = new Date(this.#ports.clock.now()).toISOString()
      return { revision, ...(inForce && { inForce }), refused: { ...version, reason, at } }
    }
    if (s3Version === inForce?.s3Version) return record
    return { revision, inForce: { ...version, protect: policy?.policy.protect === true } }
  }

  /** The version in force. Throws where it cannot be read or used: nothing is changed then. */
  async loaded(
    { inForce, refused }: PolicyRecord,
    found: ReadVersion,
    { policy }: Verdict,
  ): Promise<PolicyFromFile> {
    if (inForce === undefined) throw new Error(`no version of it was ever good: ${refused?.reason}`)
    const { s3Version, sha256 } = inForce
    if (policy?.version?.s3Version === s3Version) return policy
    const read = found.s3Version === s3Version ? found : await this.#ports.object.version(s3Version)
    if (read?.bytes === undefined) throw new Error(`version ${s3Version}, which is in force, is gone from S3`)
    if (read.sha256 !== sha256)
      throw new Error(`version ${s3Version} in S3 is not what was put in force (${sha256})`)
    return this.#load(read, read.bytes)
  }

  #load({ s3Version, sha256 }: ReadVersion, bytes: Uint8Array): Promise<PolicyFromFile> {
    return this.#ports.load(textIn(bytes, NAME), { sha256, s3Version })
  }

  /** Undefined where this release cannot use it, or it is gone: then nothing can be compared with it. */
  async #before(inForce: InForce, policy: PolicyFromFile | undefined): Promise<PolicyFromFile | undefined> {
    if (policy?.version?.s3Version === inForce.s3Version) return policy
    const read = await this.#ports.object.version(inForce.s3Version)
    if (read?.bytes === undefined || read.sha256 !== inForce.sha256) return undefined
    try {
      return await this.#load(read, read.bytes)
    } catch (error) {
      if (error instanceof PolicyError) return undefined
      throw error
    }
  }
}
