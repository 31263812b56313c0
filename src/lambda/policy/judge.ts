import { textIn } from '../../policy/file/find.ts'
import { PolicyError } from '../../policy/file/policy-error.ts'
import { contentHash } from '../../policy/versions/policy-version.ts'
import { whyNotNext } from '../../policy/versions/successor.ts'
import type { PolicyRecord } from '../../store/policy-record.ts'
import type { PolicyFromFile, PolicyInForcePorts } from './in-force-ports.ts'
import { MOST_POLICY_BYTES, type ReadVersion } from './s3-object.ts'

type InForce = NonNullable<PolicyRecord['inForce']>

const NAME = 'the deployed policy'

/** Says whether a version that was found may be in force, and loads the one that is. */
export class Judge {
  readonly #ports: PolicyInForcePorts
  /** The version that was judged last, as it was loaded. */
  #found: PolicyFromFile | undefined

  constructor(ports: PolicyInForcePorts) {
    this.#ports = ports
  }

  /**
   * Why the newest version is not in force; undefined where it is, or shall be from now on.
   * @param policy the version in force, where it is loaded
   */
  async whyRefused(
    found: ReadVersion,
    inForce: InForce | undefined,
    policy: PolicyFromFile | undefined,
  ): Promise<string | undefined> {
    this.#found = undefined
    const { s3Version, bytes } = found
    if (s3Version === inForce?.s3Version) return undefined
    if (bytes === undefined) return `it has over ${MOST_POLICY_BYTES} bytes`
    if (s3Version === 'null' || !(await this.#ports.object.isVersioned()))
      return 'its bucket keeps no versions: switch versioning on, and put the policy there again'
    try {
      this.#found = await this.#load(found, bytes)
    } catch (error) {
      if (error instanceof PolicyError) return error.message
      throw error
    }
    if (inForce === undefined) return undefined
    const before = inForce.protect ? await this.#before(inForce, policy) : undefined
    const next = { text: textIn(bytes, NAME), sha256: contentHash(bytes), policy: this.#found.policy }
    return whyNotNext({ ...inForce, ...(before && { policy: before.policy }) }, next, this.#ports.clock.now())
  }

  /** What is to be remembered: the record itself where it says so already. */
  recordAfter(record: PolicyRecord, found: ReadVersion, reason: string | undefined): PolicyRecord {
    const { revision, inForce, refused } = record
    const { s3Version } = found
    const version = { s3Version, sha256: contentHash(found.bytes ?? found.etag) }
    if (reason !== undefined) {
      const isKnown = refused?.s3Version === s3Version && refused.sha256 === version.sha256
      if (isKnown) return record
      const at = new Date(this.#ports.clock.now()).toISOString()
      return { revision, ...(inForce && { inForce }), refused: { ...version, reason, at } }
    }
    if (s3Version === inForce?.s3Version) return record
    return { revision, inForce: { ...version, protect: this.#found?.policy.protect === true } }
  }

  /** The version in force. Throws where it cannot be read or used: nothing is changed then. */
  async loaded({ inForce, refused }: PolicyRecord, found: ReadVersion): Promise<PolicyFromFile> {
    if (inForce === undefined) throw new Error(`no version of it was ever good: ${refused?.reason}`)
    const { s3Version, sha256 } = inForce
    if (this.#found?.version?.s3Version === s3Version) return this.#found
    const read = found.s3Version === s3Version ? found : await this.#ports.object.version(s3Version)
    if (read?.bytes === undefined) throw new Error(`version ${s3Version}, which is in force, is gone from S3`)
    if (contentHash(read.bytes) !== sha256)
      throw new Error(`version ${s3Version} in S3 is not what was put in force (${sha256})`)
    return this.#load(read, read.bytes)
  }

  #load({ s3Version }: ReadVersion, bytes: Uint8Array): Promise<PolicyFromFile> {
    return this.#ports.load(textIn(bytes, NAME), { sha256: contentHash(bytes), s3Version })
  }

  /** Undefined where this release cannot use it, or it is gone: then nothing can be compared with it. */
  async #before(inForce: InForce, policy: PolicyFromFile | undefined): Promise<PolicyFromFile | undefined> {
    if (policy?.version?.s3Version === inForce.s3Version) return policy
    const read = await this.#ports.object.version(inForce.s3Version)
    if (read?.bytes === undefined || contentHash(read.bytes) !== inForce.sha256) return undefined
    try {
      return await this.#load(read, read.bytes)
    } catch (error) {
      if (error instanceof PolicyError) return undefined
      throw error
    }
  }
}
