const ACCOUNT = '123456789012'
const REGION = 'us-east-1'

/** A check of a resource, as Prowler 5 writes it in OCSF. */
export const prowlerCheck = (
  event_code: string,
  type: string,
  uid: string,
  status_code: 'FAIL' | 'PASS' = 'FAIL',
) => ({
  class_uid: 2004,
  activity_id: 1,
  status_id: 1,
  status_code,
  severity: 'High',
  cloud: { provider: 'aws', account: { uid: ACCOUNT }, region: REGION },
  finding_info: { uid: `prowler-aws-${event_code}-${uid}`, title: event_code, created_time: 1_795_340_610 },
  resources: [{ type, uid, region: REGION }],
  metadata: { event_code, product: { name: 'Prowler', uid: 'prowler', version: '5.46.0' } },
})
