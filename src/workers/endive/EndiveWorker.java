// A worker on Endive, an interpreter in Java. It speaks the protocol of src/worker/protocol.h on stdin
// and stdout, one request after the other.
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import run.endive.runtime.CallResult;
import run.endive.runtime.HostFunction;
import run.endive.runtime.ImportValues;
import run.endive.runtime.Instance;
import run.endive.runtime.InterpreterMachine;
import run.endive.runtime.Machine;
import run.endive.runtime.WasmException;
import run.endive.runtime.WasmFunctionHandle;
import run.endive.wasm.InvalidException;
import run.endive.wasm.MalformedException;
import run.endive.wasm.Parser;
import run.endive.wasm.UninstantiableException;
import run.endive.wasm.UnlinkableException;
import run.endive.wasm.WasmEngineException;
import run.endive.wasm.WasmModule;
import run.endive.wasm.types.FunctionType;
import run.endive.wasm.types.ValType;

public final class EndiveWorker {
  // Requests are ours and simple: names of exports have no quotes.
  private static final Pattern NUMBER = Pattern.compile("\"(id|gc_max|log_max)\":(\\d+)");
  private static final Pattern EXPORTS = Pattern.compile("\"exports\":\\[([^\\]]*)\\]");
  private static final Pattern NAME = Pattern.compile("\"([^\"]*)\"");

  private static final DataInputStream INPUT = new DataInputStream(System.in);
  private static final PrintStream OUTPUT = System.out;

  private interface Action {
    void run() throws Exception;
  }

  /** A host object: found again by its number. */
  private record Host(int number) {}

  /** Each call from outside gets a call stack of its own. */
  private record FreshMachine(Instance instance) implements Machine {
    @Override
    public long[] call(int function, long[] arguments) {
      return new InterpreterMachine(instance).call(function, arguments);
    }

    @Override
    public CallResult callWithRefs(int function, long[] arguments, Object[] references) {
      return new InterpreterMachine(instance).callWithRefs(function, arguments, references);
    }
  }

  private final Map<Integer, Host> hosts = new HashMap<>();
  private final ByteArrayOutputStream logs = new ByteArrayOutputStream(); // of all steps
  private final byte[] value = new byte[8];
  private final long logMax;
  private long logged = 0;
  private long collectionsLeft;
  private boolean ended = false;

  private EndiveWorker(long logMax, long collections) {
    this.logMax = logMax;
    this.collectionsLeft = collections;
  }

  private static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (char c : text.substring(0, Math.min(text.length(), 500)).toCharArray()) {
      if (c == '"' || c == '\\') quoted.append('\\');
      quoted.append(c < ' ' || Character.isSurrogate(c) ? ' ' : c);
    }
    return quoted.append('"').toString();
  }

  private String end(String end, String kind, String message) {
    ended = end.equals("internal-error") || end.equals("limit") && !kind.equals("memory");
    String text = "\"end\":\"" + end + "\"";
    if (kind != null) text += ",\"kind\":\"" + kind + "\"";
    if (message != null) text += ",\"message\":" + quote(message);
    return text;
  }

  /** Runs one step; its JSON. */
  private String step(Action action) {
    logged = 0;
    String ending;
    try {
      action.run();
      ending = end("returns", null, null);
    } catch (WasmException e) {
      ending = end("exception", null, "");
    } catch (InvalidException | MalformedException | UnlinkableException e) {
      ending = end("rejected", null, e.getMessage());
    } catch (StackOverflowError e) {
      ending = end("limit", "stack", "StackOverflowError");
    } catch (OutOfMemoryError e) {
      ending = end("limit", "memory", "OutOfMemoryError");
    } catch (WasmEngineException e) {
      Throwable cause = e instanceof UninstantiableException && e.getCause() != null ? e.getCause() : e;
      String message = String.valueOf(cause.getMessage());
      if (message.contains("call stack exhausted")) {
        ending = end("limit", "stack", message);
      } else if (message.contains("out of memory")) {
        ending = end("limit", "memory", message);
      } else {
        ending = end("trap", null, message);
      }
    } catch (Exception | AssertionError e) {
      ending = end("internal-error", null, e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    return "{" + ending + ",\"logged\":" + logged + "}";
  }

  private HostFunction function(
      String name, List<ValType> params, List<ValType> results, WasmFunctionHandle body) {
    return new HostFunction("slabhound", name, FunctionType.of(params, results), body);
  }

  /** A handle of a function that takes or gives references. */
  private interface WithReferences extends WasmFunctionHandle {
    @Override
    default long[] apply(Instance instance, long... arguments) {
      throw new IllegalStateException("called without references");
    }

    @Override
    CallResult applyWithRefs(Instance instance, long[] arguments, Object[] references);
  }

  private ImportValues imports() {
    WasmFunctionHandle logIt =
        (instance, arguments) -> {
          if (logged++ < logMax) {
            ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).putLong(arguments[0]);
            logs.write(value, 0, value.length);
          }
          return null;
        };
    WasmFunctionHandle collect =
        (instance, arguments) -> {
          if (collectionsLeft-- > 0) System.gc();
          return null;
        };
    WithReferences host =
        (instance, arguments, references) ->
            CallResult.of(
                new long[1],
                new Object[] {hosts.computeIfAbsent((int) arguments[0], Host::new)});
    WithReferences number =
        (instance, arguments, references) ->
            CallResult.of(
                new long[] {references[0] instanceof Host h ? h.number() : -1}, new Object[1]);
    return ImportValues.builder()
        .addFunction(
            function("log", List.of(ValType.I64), List.of(), logIt),
            function("gc", List.of(), List.of(), collect),
            function("host", List.of(ValType.I32), List.of(ValType.ExternRef), host),
            function("host-number", List.of(ValType.ExternRef), List.of(ValType.I32), number))
        .build();
  }

  private String run(String id, List<String> exports, byte[] module, Consumer<String> at) {
    long start = System.nanoTime();
    Instance[] instance = new Instance[1];
    String instantiated =
        step(
            () -> {
              WasmModule parsed = Parser.parse(module);
              at.accept("instantiate");
              instance[0] =
                  Instance.builder(parsed)
                      .withImportValues(imports())
                      .withMachineFactory(FreshMachine::new)
                      .build();
            });
    List<String> calls = new ArrayList<>();
    if (instance[0] != null) {
      for (String name : exports) {
        at.accept(name);
        calls.add(step(() -> instance[0].export(name).apply()));
        if (ended) break;
      }
    }
    Runtime runtime = Runtime.getRuntime();
    return String.format(
        "{\"id\":%s,\"instantiate\":%s,\"calls\":[%s],\"milliseconds\":%s,\"memory_bytes\":%d}",
        id,
        instantiated,
        String.join(",", calls),
        (System.nanoTime() - start) / 1e6,
        runtime.totalMemory());
  }

  private static byte[] readFrame() throws IOException {
    byte[] frame = new byte[Integer.reverseBytes(INPUT.readInt())];
    INPUT.readFully(frame);
    return frame;
  }

  private static void writeFrame(byte[] payload) {
    byte[] frame =
        ByteBuffer.allocate(4 + payload.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(payload.length)
            .put(payload)
            .array();
    OUTPUT.write(frame, 0, frame.length);
  }

  private static void writeText(String text) {
    writeFrame(text.getBytes(StandardCharsets.UTF_8));
  }

  private static void serve() {
    try {
      while (true) {
        String request = new String(readFrame(), StandardCharsets.UTF_8);
        if (request.contains("\"op\":\"hello\"")) {
          writeText(
              "{\"protocol\":2,\"engine\":\"endive\",\"version\":\""
                  + System.getProperty("endive.version", "unknown")
                  + "\",\"capabilities\":{\"gc\":[\"full\"],\"progress\":true}}");
          OUTPUT.flush();
          continue;
        }
        Map<String, Long> numbers = new HashMap<>();
        for (Matcher m = NUMBER.matcher(request); m.find(); ) {
          numbers.put(m.group(1), Long.parseLong(m.group(2)));
        }
        List<String> exports = new ArrayList<>();
        Matcher list = EXPORTS.matcher(request);
        if (list.find()) {
          for (Matcher m = NAME.matcher(list.group(1)); m.find(); ) exports.add(m.group(1));
        }
        boolean collect = !request.contains("\"gc\":\"none\"");
        EndiveWorker worker =
            new EndiveWorker(numbers.get("log_max"), collect ? numbers.get("gc_max") : 0);
        String id = numbers.get("id").toString();
        boolean progress = request.contains("\"progress\":true");
        Consumer<String> at =
            place -> {
              if (!progress) return;
              writeText("{\"id\":" + id + ",\"at\":\"" + place + "\"}");
              OUTPUT.flush();
            };
        writeText(worker.run(id, exports, readFrame(), at));
        writeFrame(worker.logs.toByteArray());
        OUTPUT.flush();
      }
    } catch (EOFException e) {
      System.exit(0);
    } catch (IOException e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  public static void main(String[] arguments) throws InterruptedException {
    // Recursion in a module is recursion of the interpreter: it needs a large stack.
    Thread thread = new Thread(null, EndiveWorker::serve, "worker", 64L << 20);
    thread.start();
    thread.join();
  }
}
