import { SANDBOX_ACCOUNT, SANDBOX_REGION } from '../place.ts'
import { TIME } from './envelope.ts'

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html, as a queue gets it. */
export function published(topic: string, message: object, subject?: string) {
  return {
    Type: 'Notification',
    MessageId: '0a1b2c3d-4e5f-5061-8293-a4b5c6d7e8f9',
    TopicArn: `arn:aws:sns:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:${topic}`,
    ...(subject !== undefined && { Subject: subject }),
    Message: JSON.stringify(message),
    Timestamp: TIME,
  }
}

/** What Inspector classic says on its topic of a finding: which, and of which assessment; what was found it does not. */
export function findingReported(finding: string) {
  const arn = (rest: string) => `arn:aws:inspector:${SANDBOX_REGION}:${SANDBOX_ACCOUNT}:${rest}`
  const template = 'target/0-aB3dE5fG/template/0-hI7jK9lM'
  return {
    template: arn(template),
    run: arn(`${template}/run/0-nO1pQ3rS`),
    target: arn('target/0-aB3dE5fG'),
    time: TIME,
    event: 'FINDING_REPORTED',
    finding: arn(`${template}/run/0-nO1pQ3rS/finding/${finding}`),
  }
}
