package io.flotilla.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Mistakes on the command line: exit code 2. */
public final class Usage {
  private Usage() {}

  /** The exception for a mistake; the message names the flag, its value and what is wanted. */
  public static ParameterException wrong(@Nullable CommandSpec spec, String message) {
    return new ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
