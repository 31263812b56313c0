import { arnOf } from '../findings/arn.ts'
import { type Heard, refused, say, type Telling, told } from './hearing.ts'

/** IAM Access Analyzer: the resource is scanned by the analyzer that found it, in that analyzer's account and region. */
export const tellAccessAnalyzer: Telling = async (aws, word) => {
  const heard: Heard[] = []
  for (const { origin, resources, account, partition } of word.findings) {
    const analyzer = arnOf(origin?.analyzer)
    const resourceArn = resources.find(({ arn }) => arn !== undefined)?.arn
    if (analyzer?.account === undefined || analyzer.region === undefined || resourceArn === undefined) {
      heard.push(refused('the finding does not name its analyzer and its resource by their ARNs', false))
      continue
    }
    const place = { account: analyzer.account, region: analyzer.region, partition }
    const input = { analyzerArn: origin?.analyzer, resourceArn, resourceOwnerAccount: account }
    if (await aws.reaches(place.account)) {
      await say({ aws, place, word }, 'accessanalyzer', 'StartResourceScan', input)
      heard.push(told('scan'))
    } else heard.push(refused(`nobody reaches account ${place.account}: no role is configured for it`, false))
  }
  return heard
}
