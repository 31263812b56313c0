import { call, type Output } from '../playbook/api.ts'
import { busEvent, detector } from './detector.ts'

/** A page of the list of analyzers, or a page of what the first of these found. */
type At =
  | { list: string | null; any: boolean }
  | { analyzers: string[]; token: string | null; further: string | null }

type Analyzers = Output<'accessanalyzer', 'ListAnalyzers'>
type Answer = Output<'accessanalyzer', 'ListFindings'>

const PAGE = 100
/** Those of external access: of what others find, this operation does not tell. */
const EXTERNAL: readonly (string | undefined)[] = ['ACCOUNT', 'ORGANIZATION']

/**
 * IAM Access Analyzer: active findings of external access, also those of an organisation's analyzer, which is asked where
 * it lives. https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListFindings.html
 */
export const analyzerFindings = detector<At>({
  id: 'accessanalyzer',
  title: 'IAM Access Analyzer',
  needs: [
    { action: 'access-analyzer:ListAnalyzers', resource: '*' },
    {
      action: 'access-analyzer:ListFindings',
      resource: 'arn:{partition}:access-analyzer:{region}:{account}:analyzer/*',
    },
  ],
  start: () => ({ list: null, any: false }),
  call(at) {
    if ('list' in at) {
      return call('accessanalyzer', 'ListAnalyzers', {
        maxResults: PAGE,
        ...(at.list !== null && { nextToken: at.list }),
      })
    }
    return call('accessanalyzer', 'ListFindings', {
      analyzerArn: at.analyzers[0],
      filter: { status: { eq: ['ACTIVE'] } },
      maxResults: PAGE,
      ...(at.token !== null && { nextToken: at.token }),
    })
  },
  take(at, answer, place) {
    if ('list' in at) {
      const { analyzers = [], nextToken: further = null } = answer as Partial<Analyzers>
      const own = analyzers.flatMap(({ arn, type, status }) =>
        arn !== undefined && EXTERNAL.includes(type) && status === 'ACTIVE' ? [arn] : [],
      )
      if (own.length === 0 && further === null && !at.any)
        return { events: [], off: 'no analyzer of external access is active here' }
      return { events: [], ...onward(own, further) }
    }
    const { findings = [], nextToken } = answer as Partial<Answer>
    const events = findings.map((finding) =>
      busEvent(place, 'aws.access-analyzer', 'Access Analyzer Finding', finding, at.analyzers.slice(0, 1)),
    )
    return { events, ...(nextToken ? { next: { ...at, token: nextToken } } : behind(at)) }
  },
  behind,
  off: () => undefined,
})

function behind(at: At): { next?: At } {
  return 'list' in at ? {} : onward(at.analyzers.slice(1), at.further)
}

function onward(analyzers: string[], further: string | null): { next?: At } {
  if (analyzers.length > 0) return { next: { analyzers, token: null, further } }
  return further === null ? {} : { next: { list: further, any: true } }
}
