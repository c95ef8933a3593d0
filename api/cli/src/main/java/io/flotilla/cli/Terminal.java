package io.flotilla.cli;

import java.io.BufferedOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * What a command sees of the world around it.
 *
 * <p>Text leaves in UTF-8 whatever the locale is. Not thread-safe, but for the print streams.
 */
public final class Terminal {
  private final InputStream in;
  private final OutputStream rawOut;
  private final PrintStream out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final boolean interactive;
  private final LongSupplier nanos;

  /**
   * A terminal over given streams.
   *
   * @param in standard input
   * @param out standard output
   * @param err standard error
   * @param environment variables such as FLOTILLA_ENDPOINTS
   * @param interactive whether a person watches standard error, so that progress is worth showing
   * @param nanos a monotonic clock
   */
  public Terminal(
      InputStream in,
      OutputStream out,
      OutputStream err,
      Map<String, String> environment,
      boolean interactive,
      LongSupplier nanos) {
    this.in = in;
    this.rawOut = new BufferedOutputStream(out, 1 << 16);
    this.out = new PrintStream(rawOut, false, StandardCharsets.UTF_8);
    this.err = new PrintStream(err, true, StandardCharsets.UTF_8);
    this.environment = Map.copyOf(environment);
    this.interactive = interactive;
    this.nanos = nanos;
  }

  /** Standard input. */
  public InputStream in() {
    return in;
  }

  /** Standard output for text; buffered, and flushed at the end of the command. */
  public PrintStream out() {
    return out;
  }

  /** Standard output for bytes; the same buffer as {@link #out()}. */
  public OutputStream bytesOut() {
    return rawOut;
  }

  /** Standard error. */
  public PrintStream err() {
    return err;
  }

  /** A variable of the environment, or another value where it is not set or empty. */
  public String environment(String name, String otherwise) {
    String value = environment.getOrDefault(name, "");
    return value.isEmpty() ? otherwise : value;
  }

  /** All variables of the environment. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Whether a person watches. */
  public boolean interactive() {
    return interactive;
  }

  /** A monotonic clock, in nanoseconds. */
  public long nanos() {
    return nanos.getAsLong();
  }
}
