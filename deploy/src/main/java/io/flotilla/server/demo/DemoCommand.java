package io.flotilla.server.demo;

import io.flotilla.server.local.LocalTools;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code flotilla demo}. */
@Command(name = "demo")
public final class DemoCommand implements Callable<Integer> {
  private final LocalTools tools;

  /** The command with its tools. */
  public DemoCommand(LocalTools tools) {
    this.tools = tools;
  }

  @Override
  public Integer call() {
    tools.terminal().out().println("not yet");
    return 0;
  }
}
