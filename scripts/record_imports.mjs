// Runs a JavaScript program and writes down what a module's imports answer: a file for `slabhound … --imports FILE`.
//   node --experimental-wasm-type-reflection scripts/record_imports.mjs MODULE.wasm FILE PROGRAM.mjs
// The program instantiates the module with whatever glue it has; its first instance of these bytes is recorded until the
// program ends. The format stands in src/provide/answers.h. Objects, functions and references are numbered by identity,
// in the order in which the module and the host show them to each other, so that equal runs give equal files.
import fs from 'node:fs'
import path from 'node:path'
import url from 'node:url'

const MEMORY_CHUNK = 4096
const lines = ['slabhound-imports 1']
let depth = 0
const tell = (line) => lines.push('  '.repeat(depth) + line)

function fail(message) {
  console.error(`record_imports: ${message}`)
  process.exit(2)
}

// ---- values, as the file writes them ----

const numbers = new Map()  // host objects and references, by identity
const originals = new Map()  // what the host holds for a function -> the function itself
const wrappers = new Map()

function numberOf(value) {
  if (!numbers.has(value)) numbers.set(value, numbers.size)
  return numbers.get(value)
}

function quoted(text) {
  let out = '"'
  for (let i = 0; i < text.length; ++i) {
    const unit = text.charCodeAt(i)
    const plain = unit >= 0x20 && unit < 0x7f && unit !== 0x22 && unit !== 0x5c
    out += plain ? text[i] : `\\${unit.toString(16).padStart(4, '0')}`
  }
  return out + '"'
}

const float = (value) => (Number.isNaN(value) ? 'nan' : Object.is(value, -0) ? '-0' : String(value).replace('Infinity', 'inf'))

const isOfHost = (type) => type === 'externref' || type === '(ref extern)'
const shown = new Set()  // what the module was the first to show: it comes back as the same reference, whatever the type
const exportNames = new Map()

function text(type, value) {
  switch (type) {
    case 'i32': return `i32:${value | 0}`
    case 'i64': return `i64:${BigInt.asIntN(64, BigInt(value))}`
    case 'f32': return `f32:${float(Math.fround(value))}`
    case 'f64': return `f64:${float(Number(value))}`
    default: break
  }
  if (value === null) return 'null'
  if (typeof value === 'string') return `str:${quoted(value)}`
  const small = typeof value === 'number' && Number.isInteger(value) && !Object.is(value, -0)
  if (small && value >= -(2 ** 30) && value < 2 ** 30) return `i31:${value}`
  const original = originals.get(value) ?? value
  if (exportNames.has(original)) return `export:${quoted(exportNames.get(original))}`
  return `${shown.has(original) ? 'ref' : 'host'}:${numberOf(original)}`
}
const texts = (types, values) => types.map((type, i) => ` ${text(type, values[i])}`).join('')

// Values that the module shows.
function shownTexts(types, values) {
  for (const value of values) {
    if ((typeof value === 'object' || typeof value === 'function') && !numbers.has(value)) shown.add(value)
  }
  return texts(types, values)
}

// The value as the host may hold it: functions tell of their calls.
function toHost(type, value) {
  if (typeof value !== 'function' || isOfHost(type)) return value
  return wrapFunction(value, () => text(type, value))
}
const toModule = (value) => originals.get(value) ?? value
const listOf = (types, result) => (types.length === 0 ? [] : types.length === 1 ? [result] : [...result])
const fromList = (types, values) => (types.length === 0 ? undefined : types.length === 1 ? values[0] : values)

// ---- the memories that the host sees ----

let memories = []
let before = []
const bytesOf = (memory) => Buffer.from(memory.buffer)

function remember() {
  before = memories.map(({ memory }) => Buffer.from(bytesOf(memory)))
}

// What the host wrote since.
function tellWrites() {
  memories.forEach(({ memory, name }, index) => {
    const old = before[index], now = bytesOf(memory)
    if (old === undefined) return
    if (now.length !== old.length) fail('the host grew a memory, which no file of answers can tell')
    if (old.equals(now)) return
    for (let at = 0; at < now.length; at += MEMORY_CHUNK) {
      const end = Math.min(at + MEMORY_CHUNK, now.length)
      if (old.compare(now, at, end, at, end) === 0) continue
      let first = at, last = end - 1
      while (old[first] === now[first]) ++first
      while (old[last] === now[last]) --last
      tell(`write ${name} ${first} ${now.toString('hex', first, last + 1)}`)
    }
  })
}

// ---- calls in both directions ----

// Runs `call` between an opening line and its end; a call with nothing meanwhile is one line.
function told(opening, call, ending, thrown) {
  tell(opening)
  const at = lines.length
  ++depth
  let end, result
  try {
    result = call()
    end = ending(result)
  } catch (error) {
    end = thrown(error)
    throw error
  } finally {
    --depth
    if (lines.length === at) lines[at - 1] += ` ${end}`
    else tell(end)
  }
  return result
}

let tags = []
function thrownText(error) {
  if (error instanceof WebAssembly.RuntimeError) return 'trap'
  if (!(error instanceof WebAssembly.Exception)) return `throw ${text('externref', error)}`
  for (const { tag, name, parameters } of tags) {
    if (!error.is(tag)) continue
    return `throw ${name}${texts(parameters, parameters.map((_, i) => error.getArg(tag, i)))}`
  }
  return 'throw'
}

// A function of the module, as the host holds it.
function wrapFunction(original, target) {
  if (wrappers.has(original)) return wrappers.get(original)
  const { parameters, results } = original.type()
  const wrapper = (...given) => {
    const values = parameters.map((_, i) => toModule(given[i]))
    let ending
    tellWrites()
    return told(`${target()}${texts(parameters, parameters.map((type, i) => asNumber(type, values[i])))}`,
      () => {
        try {
          const list = listOf(results, original(...values))
          ending = `->${shownTexts(results, list)}`
          return fromList(results, list.map((value, i) => toHost(results[i], value)))
        } finally {
          remember()
        }
      },
      () => ending, () => 'threw')
  }
  Object.defineProperty(wrapper, 'length', { value: original.length })
  Object.defineProperty(wrapper, 'name', { value: original.name })
  wrappers.set(original, wrapper)
  originals.set(wrapper, original)
  return wrapper
}

// As the interface of JavaScript makes numbers of what it is given.
function asNumber(type, value) {
  if (type === 'i64') return BigInt(value)
  return ['i32', 'f32', 'f64'].includes(type) ? Number(value) : value
}

function wrapImport(declared, host) {
  const { parameters, results } = declared.type
  return (...values) => {
    remember()
    const opening = `import ${quoted(declared.module)} ${quoted(declared.name)}${shownTexts(parameters, values)}`
    const given = values.map((value, i) => toHost(parameters[i], value))
    return fromList(results, told(opening,
      () => {
        try {
          return listOf(results, host(...given)).map((value, i) => asNumber(results[i], toModule(value)))
        } finally {
          tellWrites()
        }
      },
      (list) => `->${texts(results, list)}`, thrownText))
  }
}

// ---- the instance that is recorded ----

const [modulePath, outPath, programPath] = process.argv.slice(2)
if (programPath === undefined) fail('usage: record_imports.mjs MODULE.wasm FILE PROGRAM.mjs')
if (typeof WebAssembly.Function !== 'function') fail('run node with --experimental-wasm-type-reflection')
const wanted = fs.readFileSync(modulePath)
const found = new WeakSet()  // modules of these bytes
const plain = { Module: WebAssembly.Module, Instance: WebAssembly.Instance, compile: WebAssembly.compile }
let recorded = false

function view(bytes) {
  return ArrayBuffer.isView(bytes) ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength) : Buffer.from(bytes)
}
function noteModule(module, bytes) {
  if (view(bytes).equals(wanted)) found.add(module)
  return module
}

function wrapImports(module, imports) {
  const wrapped = {}
  for (const declared of plain.Module.imports(module)) {
    const { module: from, name, kind, type } = declared
    const value = imports[from][name]
    wrapped[from] ??= {}
    wrapped[from][name] = kind === 'function' ? wrapImport(declared, value) : value
    const where = `${quoted(from)} ${quoted(name)}`
    if (kind === 'memory') {
      tell(`memory ${where} ${value.buffer.byteLength >> 16}`)
      memories.push({ memory: value, name: `import ${where}` })
    } else if (kind === 'table') {
      tell(`table ${where} ${value.length}`)
    } else if (kind === 'global') {
      const content = value instanceof WebAssembly.Global ? value.value : value
      tell(`global ${where} ${text(type.value, asNumber(type.value, content))}`)
    } else if (kind === 'tag') {
      tags.push({ tag: value, name: `import ${where}`, parameters: value.type().parameters })
      if (value === WebAssembly.JSTag) tell(`js-tag ${where}`)
    }
  }
  return wrapped
}

function wrapExports(exports) {
  const wrapped = {}
  for (const [name, value] of Object.entries(exports)) {
    wrapped[name] = typeof value === 'function' ? wrapFunction(value, () => `export ${quoted(name)}`) : value
  }
  return Object.freeze(wrapped)
}

function record(module, imports) {
  recorded = true
  const wrapped = wrapImports(module, imports)
  const instance = told('start', () => new plain.Instance(module, wrapped), () => '->', () => 'threw')
  for (const [name, value] of Object.entries(instance.exports)) {
    if (typeof value === 'function' && !exportNames.has(value)) exportNames.set(value, name)
    if (value instanceof WebAssembly.Memory && !memories.some(({ memory }) => memory === value)) {
      memories.push({ memory: value, name: `export ${quoted(name)}` })
    }
    if (value instanceof WebAssembly.Tag) {
      tags.push({ tag: value, name: `export ${quoted(name)}`, parameters: value.type().parameters })
    }
  }
  remember()
  const exports = wrapExports(instance.exports)
  return new Proxy(instance, { get: (target, key) => (key === 'exports' ? exports : target[key]) })
}

function instantiate(module, imports) {
  return found.has(module) && !recorded ? record(module, imports) : new plain.Instance(module, imports)
}

WebAssembly.Module = new Proxy(plain.Module, {
  construct: (target, given) => noteModule(Reflect.construct(target, given), given[0])
})
WebAssembly.Instance = new Proxy(plain.Instance, { construct: (target, [module, imports]) => instantiate(module, imports) })
WebAssembly.compile = async (bytes, options) => noteModule(await plain.compile(bytes, options), bytes)
WebAssembly.compileStreaming = async (source, options) => WebAssembly.compile(await (await source).arrayBuffer(), options)
WebAssembly.instantiate = async (source, imports, options) => {
  if (source instanceof plain.Module) return instantiate(source, imports)
  const module = await WebAssembly.compile(source, options)
  return { module, instance: instantiate(module, imports) }
}
WebAssembly.instantiateStreaming = async (source, imports, options) =>
  WebAssembly.instantiate(await (await source).arrayBuffer(), imports, options)

process.on('exit', () => {
  if (!recorded) fail(`${programPath} made no instance of ${modulePath}`)
  fs.writeFileSync(outPath, `${lines.join('\n')}\n`)
})
await import(url.pathToFileURL(path.resolve(programPath)).href)
