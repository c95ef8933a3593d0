package io.flotilla.server;

import io.flotilla.cli.CommandLineTool;
import io.flotilla.cli.Terminal;
import io.flotilla.server.cert.CertCommand;
import io.flotilla.server.demo.DemoCommand;
import io.flotilla.server.local.DevCommand;
import io.flotilla.server.local.ExitHooks;
import io.flotilla.server.local.JavaCommand;
import io.flotilla.server.local.LocalTools;
import io.flotilla.server.local.Pause;
import io.flotilla.server.log.LogSetup;
import java.io.ObjectInputFilter;
import java.security.SecureRandom;
import java.time.InstantSource;

/** What the jar runs: the whole {@code flotilla} command. */
public final class Main {
  /** The launcher sets it; Java itself cannot tell whether standard error is a terminal. */
  private static final String INTERACTIVE = "flotilla.interactive";

  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    // Nothing here speaks Java's serialization, and nothing that comes in ever may.
    ObjectInputFilter.Config.setSerialFilter(type -> ObjectInputFilter.Status.REJECTED);
    LogSetup.forCommands();
    Terminal terminal =
        new Terminal(
            System.in,
            System.out,
            System.err,
            System.getenv(),
            Boolean.getBoolean(INTERACTIVE),
            System::nanoTime);
    System.exit(tool(terminal).run(arguments));
  }

  /** All commands over a terminal. */
  static CommandLineTool tool(Terminal terminal) {
    int cores = Runtime.getRuntime().availableProcessors();
    ServerCommand server =
        new ServerCommand(terminal, cores, RunningServer.Starter.NODE, ExitHooks.JVM);
    RouterCommand router =
        new RouterCommand(terminal, cores, RunningServer.Starter.ROUTER, ExitHooks.JVM);
    LocalTools tools =
        new LocalTools(
            terminal, JavaCommand.current(terminal.environment()), Pause.REAL, ExitHooks.JVM);
    return new CommandLineTool(terminal)
        .add(server.commandLine())
        .add(router.commandLine())
        .add(
            CertCommand.create(
                new CertCommand.World(terminal, InstantSource.system(), new SecureRandom())))
        .add(new DevCommand(tools))
        .add(new DemoCommand(tools));
  }
}
