import { load } from './teavm-runtime.mjs'
import url from 'node:url'

const { exports } = await load(url.fileURLToPath(new URL('teavm.wasm', import.meta.url)), {})
exports.main([])
