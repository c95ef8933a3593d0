package io.flotilla.cli;

import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.Scan;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which keys to go over. */
final class RangeOptions {
  @Spec(Spec.Target.MIXEE)
  @Nullable CommandSpec spec;

  @Option(names = "--prefix", paramLabel = "KEY", description = "Only keys that begin with this.")
  @Nullable String prefix;

  @Option(names = "--from", paramLabel = "KEY", description = "From this key on.")
  @Nullable String from;

  @Option(names = "--to", paramLabel = "KEY", description = "Up to this key, without it.")
  @Nullable String to;

  /** Whether any of the options was given. */
  boolean isGiven() {
    return prefix != null || from != null || to != null;
  }

  /** The scan that was asked for; a usage error where the options contradict each other. */
  Scan scan(EncodingOptions encoding) {
    if (prefix != null) {
      if (from != null || to != null) {
        throw Usage.wrong(spec, "--prefix cannot be combined with --from and --to");
      }
      return Scan.prefix(encoding.key("--prefix", prefix));
    }
    Optional<Key> start = Optional.ofNullable(from).map(key -> encoding.key("--from", key));
    Optional<Key> end = Optional.ofNullable(to).map(key -> encoding.key("--to", key));
    if (start.isPresent() && end.isPresent() && start.get().compareTo(end.get()) >= 0) {
      throw Usage.wrong(
          spec,
          "--from '%s' does not come before --to '%s': no key is between them"
              .formatted(Arguments.show(start.get()), Arguments.show(end.get())));
    }
    return Scan.range(new KeyRange(start, end));
  }
}
