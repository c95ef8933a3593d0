package io.flotilla.chaos;

import io.flotilla.server.SmallNodes;
import java.nio.file.Path;
import picocli.CommandLine;

/** What deploy/bin/chaos runs. */
public final class ChaosMain {
  /** The launcher sets it. */
  private static final String JAR = "flotilla.jar";

  private ChaosMain() {}

  /** Runs the command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    ChaosTools tools =
        new ChaosTools(
            () -> SmallNodes.of(Path.of(System.getProperty(JAR, "deploy/target/flotilla.jar"))),
            System::nanoTime,
            () -> System.currentTimeMillis() % 1_000_000);
    System.exit(commands(tools).setUsageHelpWidth(100).execute(arguments));
  }

  /** The command with all below it. */
  static CommandLine commands(ChaosTools tools) {
    return new CommandLine(new ChaosCommand(tools))
        .addSubcommand(new ElasticCommand(tools))
        .addSubcommand(new FailoverCommand(tools))
        .addSubcommand(new SkewCommand(tools))
        .addSubcommand(new BlackHoleCommand(tools))
        .addSubcommand(new NoServerCommand(tools))
        .addSubcommand(new MillionPutsCommand(tools))
        .addSubcommand(new RollingRestartCommand(tools));
  }
}
