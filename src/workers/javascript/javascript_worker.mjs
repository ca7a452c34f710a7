// A worker for engines that come with JavaScript: V8 in Node, JavaScriptCore in Bun. It speaks the
// protocol of src/worker/protocol.h on stdin and stdout, one request after the other.
// `process` is the global one: importing it would make stdin a stream that does not block.
import fs from 'node:fs';

const bun = process.versions.bun !== undefined;
const jsc = bun ? await import('bun:jsc') : undefined;
const collect = bun
  ? (kind) => (kind === 'full' ? jsc.fullGC() : jsc.edenGC())
  : (kind) => globalThis.gc({ type: kind === 'full' ? 'major' : 'minor', execution: 'sync' });

// What the heap holds behind full collections: objects of JavaScriptCore, bytes of V8.
const v8 = bun ? undefined : await import('node:v8');
function held() {
  // What the first lets go of may hold more, such as weak cells.
  for (let i = 0; i < 3; ++i) collect('full');
  return bun ? jsc.heapStats().objectCount : v8.getHeapStatistics().used_heap_size;
}

// Fills the buffer; false at the end of input.
function readAll(buffer) {
  for (let at = 0; at < buffer.length; ) {
    const got = fs.readSync(0, buffer, at, buffer.length - at, null);
    if (got === 0) return false;
    at += got;
  }
  return true;
}

function readFrame() {
  const header = Buffer.alloc(4);
  if (!readAll(header)) process.exit(0);
  const frame = Buffer.alloc(header.readUInt32LE(0));
  if (!readAll(frame)) process.exit(0);
  return frame;
}

// An answer and, if they are given, the values of its logs.
function writeFrames(answer, values) {
  const text = Buffer.from(JSON.stringify(answer));
  const bytes = values && Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  const frames = Buffer.allocUnsafe(4 + text.length + (bytes ? 4 + bytes.length : 0));
  frames.writeUInt32LE(text.length, 0);
  text.copy(frames, 4);
  if (bytes) {
    frames.writeUInt32LE(bytes.length, 4 + text.length);
    bytes.copy(frames, 8 + text.length);
  }
  for (let at = 0; at < frames.length; ) at += fs.writeSync(1, frames, at);
}

const limits = [
  [/call stack|recursion/i, 'stack'],
  [/array is too large|failed to allocate new array/i, 'allocation'],
  [/out of memory|allocation failed/i, 'memory'],
];

// How running ended with an error, in the protocol's words.
function ending(error) {
  // JavaScriptCore adds the source text: "... (evaluating 'f()')".
  const message = String(error?.message ?? error).replace(/ \(evaluating '[^]*'\)$/, '');
  if (error instanceof WebAssembly.Exception) return { end: 'exception', message: '' };
  if (error instanceof WebAssembly.CompileError || error instanceof WebAssembly.LinkError) {
    return { end: 'rejected', message };
  }
  if (error instanceof RangeError || error instanceof WebAssembly.RuntimeError) {
    const limit = limits.find(([pattern]) => pattern.test(message));
    if (limit) return { end: 'limit', kind: limit[1], message };
  }
  if (error instanceof WebAssembly.RuntimeError) return { end: 'trap', message };
  return { end: 'internal-error', message: `${error?.name}: ${message}` };
}

// No export is called behind it.
const endsRun = ({ end, kind }) =>
  end === 'internal-error' || (end === 'limit' && kind !== 'allocation' && kind !== 'memory');

// Calls the exports for as many rounds as the last number says, the first of which is over, and
// counts behind those that are listed.
function census(exports, request) {
  const counts = [];
  for (let round = 1, last = request.census.at(-1); ; ++round) {
    if (round === request.census[counts.length]) counts.push(held());
    if (round >= last) return counts;
    for (const name of request.exports) {
      try {
        exports[name]();
      } catch {
        // as in the first round
      }
    }
  }
}

let log = new BigInt64Array(1024); // of all steps of the run, those beyond log_max left out

function run(request, bytes) {
  let logged = 0; // by the running step
  let kept = 0; // in `log`
  let logMax = request.log_max;
  let collections = 0;
  const hosts = new Map(); // number -> host object
  const numbers = new Map(); // host object -> number
  const imports = {
    slabhound: {
      log(value) {
        if (logged < logMax) {
          if (kept === log.length) {
            const longer = new BigInt64Array(log.length * 2);
            longer.set(log);
            log = longer;
          }
          log[kept++] = value;
        }
        ++logged;
      },
      gc() {
        if (request.gc !== 'none' && collections++ < request.gc_max) collect(request.gc);
      },
      host(number) {
        if (!hosts.has(number)) {
          const object = { number };
          hosts.set(number, object);
          numbers.set(object, number);
        }
        return hosts.get(number);
      },
      'host-number': (object) => numbers.get(object) ?? -1,
    },
  };
  const step = (action) => {
    logged = 0;
    let ended = { end: 'returns' };
    try {
      action();
    } catch (error) {
      ended = ending(error);
    }
    return { logged, ...ended };
  };

  const start = performance.now();
  const answer = { id: request.id, instantiate: undefined, calls: [] };
  const at = (place) => {
    if (request.progress) writeFrames({ id: request.id, at: place });
  };
  let exports;
  answer.instantiate = step(() => {
    const module = new WebAssembly.Module(bytes);
    at('instantiate');
    exports = new WebAssembly.Instance(module, imports).exports;
  });
  if (answer.instantiate.end === 'returns') {
    for (const name of request.exports) {
      at(name);
      const call = step(() => exports[name]());
      answer.calls.push(call);
      if (endsRun(call)) break;
    }
  }
  if (request.census && answer.calls.length === request.exports.length) {
    logMax = 0;
    answer.held = census(exports, request);
  }
  answer.milliseconds = performance.now() - start;
  answer.memory_bytes = process.memoryUsage.rss();
  writeFrames(answer, log.subarray(0, kept));
}

for (;;) {
  const request = JSON.parse(readFrame().toString());
  if (request.op === 'hello') {
    writeFrames({
      protocol: 2,
      engine: bun ? 'jsc' : 'v8',
      version: bun ? `bun ${process.versions.bun}` : process.versions.v8,
      capabilities: { gc: ['minor', 'full'], progress: true, census: bun ? 'objects' : 'bytes' },
    });
  } else {
    run(request, readFrame());
  }
}
