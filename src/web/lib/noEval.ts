// Imported before everything else: zod would try whether the content policy allows code from text, which browsers then report.
import { config } from 'zod'

config({ jitless: true })
