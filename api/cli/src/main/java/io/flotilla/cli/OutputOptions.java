package io.flotilla.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Option;

/** How results are written. */
public final class OutputOptions {
  @Option(
      names = "--output",
      paramLabel = "text|json",
      description = "Text for people, or JSON, one object a line. Default: text.")
  OutputFormat format = OutputFormat.TEXT;

  /** Whether results are wanted as JSON. */
  public boolean json() {
    return format == OutputFormat.JSON;
  }

  /** An empty object to fill. */
  public static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
