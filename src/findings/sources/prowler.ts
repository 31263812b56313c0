import { text } from '../fields.ts'
import { isReport, readReport } from './securityhub/securityhub.ts'
import type { SourceReader } from './source.ts'

/** The scanner Prowler: its files in OCSF and in ASFF, and what it sent to Security Hub. */
export const prowler: SourceReader = {
  recognises: (body) =>
    isReport(body) &&
    (text(body, 'metadata.product.uid') === 'prowler' ||
      (text(body, 'productArn')?.endsWith('product/prowler/prowler') ?? false)),
  read: readReport,
}
