package io.flotilla.cli;

import io.flotilla.cli.format.Limits;
import io.flotilla.client.Key;
import io.flotilla.client.Kv;
import io.flotilla.client.Value;
import io.flotilla.client.WriteResult;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "put",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Writes a value.",
    footer = {
      "",
      "Examples:",
      "  flotilla put greeting hello",
      "  flotilla put lock/a me --if-absent      exit code 1 if the key is there already",
      "  flotilla put session/7 token --ttl 30m  absent again after half an hour",
      "  flotilla put logo --file logo.png       the bytes of a file; '-' reads standard input",
      "  flotilla put --hex 00ff 0102",
      "  flotilla put -- -5 minus-five           after '--' nothing is an option"
    })
final class PutCommand extends ClusterCommand {
  private static final Duration MAX_TTL = Duration.ofDays(3_650);

  @Parameters(index = "0", paramLabel = "KEY", description = "1 to 480 bytes.")
  String key = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "VALUE", description = "Up to 1 MiB.")
  @Nullable String value;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "Takes the value from a file, byte for byte; '-' is standard input.")
  @Nullable String file;

  @Option(names = "--if-absent", description = "Writes only if the key is absent.")
  boolean ifAbsent;

  @Option(
      names = "--ttl",
      paramLabel = "TIME",
      description = "The key is absent again after so long, such as 30s or 12h. Default: it stays.")
  @Nullable String ttl;

  @Mixin EncodingOptions encoding = new EncodingOptions();

  private @Nullable Key parsedKey;
  private @Nullable Value parsedValue;
  private Optional<Duration> timeToLive = Optional.empty();

  PutCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    parsedKey = encoding.key("KEY", key);
    if (value != null && file != null) {
      throw usage(
          "VALUE '" + Arguments.quote("", value).strip() + "' and --file: give one of them");
    }
    if (value == null && file == null) {
      throw usage("Missing required parameter: 'VALUE' (or --file FILE)");
    }
    timeToLive = Optional.ofNullable(ttl).map(this::parseTtl);
    parsedValue = value != null ? encoding.value("VALUE", value) : null;
  }

  private Duration parseTtl(String text) {
    Duration time;
    try {
      time = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw usage("--ttl " + e.getMessage());
    }
    if (time.isZero() || time.compareTo(MAX_TTL) > 0) {
      throw usage(Arguments.quote("--ttl", text) + " is not 1ms to 87600h");
    }
    return time;
  }

  @Override
  int run(Cluster cluster) throws IOException {
    Key target = Objects.requireNonNull(parsedKey);
    Value written = parsedValue != null ? parsedValue : read(Objects.requireNonNull(file));
    Kv kv = cluster.kv();
    WriteResult result =
        timeToLive.isPresent()
            ? putFor(kv, target, written, timeToLive.get())
            : ifAbsent ? kv.putIfAbsent(target, written) : kv.put(target, written);
    if (!result.applied()) {
      throw new CommandFailure(
          "EXISTS",
          "key '%s' is present already, at revision %d; nothing was written"
              .formatted(Arguments.show(target), result.revision()));
    }
    if (output.json()) {
      print(OutputOptions.object().put("revision", result.revision()));
    } else {
      print("written at revision " + result.revision());
    }
    return 0;
  }

  private WriteResult putFor(Kv kv, Key target, Value written, Duration time) {
    return ifAbsent ? kv.putIfAbsent(target, written, time) : kv.put(target, written, time);
  }

  private Value read(String name) throws IOException {
    try (InputStream in = FileEnds.openPlain(name, terminal())) {
      byte[] bytes = in.readNBytes(Limits.MAX_VALUE_BYTES + 1);
      if (bytes.length > Limits.MAX_VALUE_BYTES) {
        throw usage("--file " + name + " has more than 1 MiB; a value has at most 1048576 bytes");
      }
      return Value.of(bytes);
    }
  }
}
