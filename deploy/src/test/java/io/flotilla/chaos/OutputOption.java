package io.flotilla.chaos;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How a result is printed: {@code --output} of each command. */
final class OutputOption {
  /** For people or for programs. */
  enum Format {
    text,
    json
  }

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text")
  Format format = Format.text;

  void print(CommandSpec spec, Supplier<String> text, Supplier<ObjectNode> json) {
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.json) {
      out.println(json.get());
    } else {
      out.print(text.get());
    }
    out.flush();
  }
}
