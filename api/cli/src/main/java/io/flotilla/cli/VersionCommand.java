package io.flotilla.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;

@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    description = "Prints the version of this command; the nodes' versions are in 'status'.",
    footer = {"", "Examples:", "  flotilla version", "  flotilla version --output json"})
final class VersionCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin OutputOptions output = new OutputOptions();

  VersionCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    String java = System.getProperty("java.version", "?");
    String system = System.getProperty("os.name", "?") + " " + System.getProperty("os.arch", "?");
    if (output.json()) {
      terminal
          .out()
          .println(
              OutputOptions.object()
                  .put("version", Version.current())
                  .put("java", java)
                  .put("system", system));
    } else {
      terminal
          .out()
          .println("flotilla " + Version.current() + " (Java " + java + ", " + system + ")");
    }
    return 0;
  }

  /** For {@code flotilla --version}. */
  static final class Provider implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"flotilla " + Version.current()};
    }
  }
}
