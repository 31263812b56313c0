/** Where a resource is, as its ARN tells it. */
export interface ArnPlace {
  partition: string
  region: string
  account: string
}

/** Fills {partition} {region} {account} {id} in an ARN pattern. */
export function fillArn(pattern: string, place: ArnPlace & { id?: string }): string {
  return pattern
    .replaceAll('{partition}', place.partition)
    .replaceAll('{region}', place.region)
    .replaceAll('{account}', place.account)
    .replaceAll('{id}', place.id ?? '*')
}
