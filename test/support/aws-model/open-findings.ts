import { type Fields, failure, type Handlers, listOf } from './failure.ts'

interface Evaluated {
  rule: string
  type?: string
  id: string
  /** ISO 8601 UTC. */
  at: string
  proactive?: true
}

type Filters = Record<string, { Value: string; Comparison: string }[]> & {
  UpdatedAt?: { DateRange: { Value: number } }[]
}
type Criterion = Record<string, { Equals?: string[]; GreaterThanOrEqual?: number }>

/**
 * What detectors answer who ask for what is open: filtered as they are asked, in pages of `pageSize`. Dates are dates, as
 * the SDK gives them where a service has such a type.
 */
export class OpenFindings {
  pageSize = 2
  /** Results of AWS Config that do not comply. */
  readonly results: Evaluated[] = []
  /** Rules that are listed, and gone when they are asked about. */
  readonly goneRules: string[] = []
  /** In ASFF. */
  readonly hub: Fields[] = []
  /** As GetFindings has them. */
  readonly guardDuty: Fields[] = []
  hasDetector = true
  readonly analyzers: Fields[] = []
  /** Of the analyzer whose ARN is its key. */
  readonly shared = new Map<string, Fields[]>()
  readonly inspector: Fields[] = []
  /** ms since 1970, UTC: by what Security Hub counts back its days. */
  now = Number.POSITIVE_INFINITY
  #generation = 0

  /** From now on AWS takes none of the tokens that it gave. */
  forgetTokens(): void {
    this.#generation += 1
  }

  /** To be taken in by the model of AWS, by service. */
  handlers(): [service: string, handlers: Handlers][] {
    return [
      ['config', this.#config],
      ['securityhub', { GetFindings: (input) => this.#ofHub(input) }],
      ['guardduty', this.#ofGuardDuty],
      ['accessanalyzer', this.#ofAnalyzers],
      ['inspector2', { ListFindings: (input) => this.#ofInspector(input) }],
    ]
  }

  readonly #config: Handlers = {
    DescribeComplianceByConfigRule: (input) => {
      const names = [...new Set([...this.results.map(({ rule }) => rule), ...this.goneRules])]
      const rules = names.map((ConfigRuleName) => ({ ConfigRuleName }))
      return this.#page('config:Describe', rules, input.NextToken, 'ComplianceByConfigRules', 'NextToken')
    },
    GetComplianceDetailsByConfigRule: (input) => {
      if (this.goneRules.includes(String(input.ConfigRuleName)))
        throw failure('config:GetComplianceDetailsByConfigRule', 'NoSuchConfigRuleException')
      const own = this.results.filter(({ rule }) => rule === input.ConfigRuleName).map(resultOf)
      return this.#page('config:Get', own, input.NextToken, 'EvaluationResults', 'NextToken')
    },
  }

  #ofHub({ Filters, NextToken }: Fields): Fields {
    const own = this.hub.filter((finding) => passes(finding, Filters as Filters, this.now))
    return this.#page('securityhub:GetFindings', own, NextToken, 'Findings', 'NextToken')
  }

  readonly #ofGuardDuty: Handlers = {
    ListDetectors: () => ({ DetectorIds: this.hasDetector ? ['d0'] : [] }),
    ListFindings: ({ FindingCriteria, NextToken }) => {
      const { Criterion } = FindingCriteria as { Criterion: Criterion }
      const since = Criterion.updatedAt?.GreaterThanOrEqual ?? 0
      const ids = this.guardDuty
        .filter(({ AccountId }) => Criterion.accountId?.Equals?.includes(String(AccountId)))
        .filter(({ UpdatedAt }) => Date.parse(String(UpdatedAt)) >= since)
        .filter(({ Service }) =>
          Criterion['service.archived']?.Equals?.includes(String((Service as Fields).Archived)),
        )
        .map(({ Id }) => Id)
      // Its last page says so by an empty token.
      return {
        NextToken: '',
        ...this.#page('guardduty:ListFindings', ids, NextToken, 'FindingIds', 'NextToken'),
      }
    },
    GetFindings: ({ FindingIds }) => ({
      Findings: this.guardDuty.filter(({ Id }) => listOf<unknown>(FindingIds).includes(Id)),
    }),
  }

  readonly #ofAnalyzers: Handlers = {
    ListAnalyzers: ({ nextToken }) =>
      this.#page('access-analyzer:ListAnalyzers', this.analyzers, nextToken, 'analyzers', 'nextToken'),
    ListFindings: ({ analyzerArn, filter, nextToken }) => {
      const action = 'access-analyzer:ListFindings'
      const all = this.shared.get(String(analyzerArn))
      if (!all) throw failure(action, 'ResourceNotFoundException')
      const { status } = filter as { status: { eq: string[] } }
      const own = all.filter((finding) => status.eq.includes(String(finding.status)))
      return this.#page(action, own, nextToken, 'findings', 'nextToken')
    },
  }

  #ofInspector({ filterCriteria, nextToken }: Fields): Fields {
    const { findingStatus, awsAccountId, updatedAt } = filterCriteria as Record<
      string,
      { value: string }[]
    > & {
      updatedAt?: { startInclusive: Date }[]
    }
    const [{ startInclusive = new Date(0) } = {}] = updatedAt ?? []
    const own = this.inspector.filter(
      ({ status, awsAccountId: account, updatedAt: at }) =>
        (at === undefined || (at as Date) >= startInclusive) &&
        findingStatus?.some(({ value }) => value === status) &&
        awsAccountId?.some(({ value }) => value === account),
    )
    return this.#page('inspector2:ListFindings', own, nextToken, 'findings', 'nextToken')
  }

  #page(action: string, items: unknown[], token: unknown, field: string, tokenField: string): Fields {
    const [generation, start = '0'] = token === undefined ? [] : String(token).split(':')
    if (generation !== undefined && Number(generation) !== this.#generation)
      throw failure(action, 'InvalidNextTokenException', 'the token is not valid any more')
    const end = Number(start) + this.pageSize
    const next = end < items.length ? { [tokenField]: `${this.#generation}:${end}` } : {}
    return { [field]: structuredClone(items.slice(Number(start), end)), ...next }
  }
}

function resultOf({ rule, type = 'AWS::EC2::SecurityGroup', id, at, proactive }: Evaluated): Fields {
  return {
    EvaluationResultIdentifier: {
      EvaluationResultQualifier: {
        ConfigRuleName: rule,
        ResourceType: type,
        ResourceId: id,
        EvaluationMode: proactive ? 'PROACTIVE' : 'DETECTIVE',
      },
      OrderingTimestamp: new Date(at),
    },
    ComplianceType: 'NON_COMPLIANT',
    ResultRecordedTime: new Date(at),
    ConfigRuleInvokedTime: new Date(at),
  }
}

function passes(finding: Fields, { UpdatedAt, ...filters }: Filters, now: number): boolean {
  const said: Fields = { ...finding, WorkflowStatus: (finding.Workflow as Fields).Status }
  const days = UpdatedAt?.[0]?.DateRange.Value ?? Number.POSITIVE_INFINITY
  if (now - Date.parse(String(finding.UpdatedAt)) > days * 24 * 3600 * 1000) return false
  return Object.entries(filters as Record<string, { Value: string; Comparison: string }[]>).every(
    ([name, wanted]) => {
      const not = wanted.filter(({ Comparison }) => Comparison === 'NOT_EQUALS')
      const is = wanted.filter(({ Comparison }) => Comparison === 'EQUALS')
      return (
        not.every(({ Value }) => said[name] !== Value) &&
        (is.length === 0 || is.some(({ Value }) => said[name] === Value))
      )
    },
  )
}
