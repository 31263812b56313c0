/** In the environment of a function whose logs and metrics a test does not look at. */
export const SILENT = { POWERTOOLS_LOG_LEVEL: 'SILENT', POWERTOOLS_METRICS_DISABLED: 'true' }
