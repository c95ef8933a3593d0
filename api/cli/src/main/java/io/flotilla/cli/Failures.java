package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flotilla.client.FlotillaException;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells failures to people as one line, to programs as one JSON object. */
final class Failures {
  static final int FAILED = 1;
  static final int USAGE = 2;

  private Failures() {}

  /** A mistake on the command line. */
  static int usage(ParameterException e, List<String> arguments, PrintStream err) {
    StringBuilder message = new StringBuilder(oneLine(e.getMessage()));
    if (e instanceof UnmatchedArgumentException unmatched) {
      List<String> suggestions = unmatched.getSuggestions();
      if (!suggestions.isEmpty()) {
        message.append("; did you mean ").append(String.join(" or ", suggestions)).append('?');
      }
    }
    CommandLine command = e.getCommandLine();
    String help = command.getCommandSpec().qualifiedName() + " --help";
    message.append(" (see '").append(help).append("')");
    if (wantsJson(arguments)) {
      err.println(error("USAGE", "REJECTED", message.toString()));
    } else {
      err.println("flotilla: " + message);
    }
    return USAGE;
  }

  /** A command that failed. */
  static int failed(Exception e, List<String> arguments, PrintStream err) {
    boolean json = wantsJson(arguments);
    if (e instanceof FlotillaException failure) {
      ObjectNode object =
          error(failure.code().name(), failure.outcome().name(), oneLine(failure.getMessage()));
      failure.writeId().ifPresent(id -> object.withObject("/error").put("write_id", id.toString()));
      err.println(json ? object.toString() : "flotilla: " + text(failure));
    } else if (e instanceof CommandFailure failure) {
      String message = oneLine(failure.getMessage());
      err.println(json ? error(failure.code(), null, message) : "flotilla: " + message);
    } else if (e instanceof IOException failure) {
      String message = FileEnds.explain(failure);
      err.println(json ? error("IO", null, message) : "flotilla: " + message);
    } else {
      // A defect: here the stack is worth more than one tidy line.
      err.println(
          json ? error("INTERNAL", null, String.valueOf(e)) : "flotilla: unexpected failure: " + e);
      e.printStackTrace(err);
    }
    return FAILED;
  }

  private static String text(FlotillaException failure) {
    String message = oneLine(failure.getMessage());
    return switch (failure.outcome()) {
      case UNKNOWN ->
          message
              + " (the write may or may not have happened"
              + failure.writeId().map(id -> ": 'flotilla settle " + id + "' tells").orElse("")
              + ")";
      case NOT_APPLIED, REJECTED -> message;
    };
  }

  private static ObjectNode error(String code, @Nullable String outcome, String message) {
    ObjectNode root = OutputOptions.object();
    ObjectNode error = root.putObject("error").put("code", code);
    if (outcome != null) {
      error.put("outcome", outcome);
    }
    error.put("message", message);
    return root;
  }

  /** The options were perhaps not understood, so this looks at the words. */
  private static boolean wantsJson(List<String> arguments) {
    int option = arguments.indexOf("--output");
    boolean next =
        option >= 0
            && option + 1 < arguments.size()
            && arguments.get(option + 1).equalsIgnoreCase("json");
    return next || arguments.stream().anyMatch("--output=json"::equalsIgnoreCase);
  }

  private static String oneLine(@Nullable String message) {
    return message == null ? "no message" : message.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
  }
}
