import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns'
import type { Teller } from './teller.ts'

/** Tells by an SNS topic: whoever subscribes to it reads the run as text. */
export function snsTeller(sns: SNSClient, TopicArn: string): Teller {
  return {
    id: 'sns',
    async tell({ subject, text }) {
      await sns.send(new PublishCommand({ TopicArn, Subject: subjectOf(subject), Message: text }))
    },
  }
}

/** SNS takes less than 100 characters of ASCII as a subject. */
function subjectOf(subject: string): string {
  return subject.replace(/[^\x20-\x7e]/g, '?').slice(0, 99)
}
