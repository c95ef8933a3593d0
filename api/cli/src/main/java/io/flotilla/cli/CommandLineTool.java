package io.flotilla.cli;

import io.flotilla.cli.bench.Distribution;
import io.flotilla.cli.format.RecordFormat;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * The {@code flotilla} command as an object.
 *
 * <pre>{@code
 * int exitCode = new CommandLineTool(terminal).add(new ServerCommand()).run("get", "greeting");
 * }</pre>
 *
 * <p>Exit codes: 0 done, 1 the operation failed, 2 the command line was wrong. Not thread-safe.
 */
public final class CommandLineTool {
  private final Terminal terminal;
  private final CommandLine root;

  /** A tool that reaches clusters with the Java client. */
  public CommandLineTool(Terminal terminal) {
    this(terminal, Cluster::connect);
  }

  CommandLineTool(Terminal terminal, Cluster.Connector connector) {
    this.terminal = terminal;
    Tool tool = new Tool(terminal, connector);
    this.root = new CommandLine(new Root());
    root.addSubcommand(new PutCommand(tool))
        .addSubcommand(new GetCommand(tool))
        .addSubcommand(new DeleteCommand(tool))
        .addSubcommand(new CasCommand(tool))
        .addSubcommand(new IncrementCommand(tool))
        .addSubcommand(new DeleteRangeCommand(tool))
        .addSubcommand(new SettleCommand(tool))
        .addSubcommand(new ScanCommand(tool))
        .addSubcommand(new ImportCommand(tool))
        .addSubcommand(new ExportCommand(tool))
        .addSubcommand(shard(tool))
        .addSubcommand(node(tool))
        .addSubcommand(operation(tool))
        .addSubcommand(rebalance(tool))
        .addSubcommand(new ReplicasCommand(tool))
        .addSubcommand(
            new CommandLine(new TokenGroup()).addSubcommand(new TokenCreateCommand(tool)))
        .addSubcommand(new StatusCommand(tool))
        .addSubcommand(bench(tool))
        .addSubcommand(new VersionCommand(terminal));
  }

  private static CommandLine shard(Tool tool) {
    return new CommandLine(new ShardGroup())
        .addSubcommand(new ShardListCommand(tool))
        .addSubcommand(new ShardShowCommand(tool))
        .addSubcommand(new ShardSplitCommand(tool))
        .addSubcommand(new ShardTransferCommand(tool))
        .addSubcommand(new ShardMoveCommand(tool))
        .addSubcommand(new ShardScatterCommand(tool))
        .addSubcommand(new ShardWhyCommand(tool))
        .addSubcommand(new ShardChangeCommand(tool));
  }

  private static CommandLine node(Tool tool) {
    return new CommandLine(new NodeGroup())
        .addSubcommand(new NodeListCommand(tool))
        .addSubcommand(new NodeHealthCommand(tool))
        .addSubcommand(new NodeDrainCommand(tool))
        .addSubcommand(new NodeUndrainCommand(tool))
        .addSubcommand(new NodeReplaceCommand(tool))
        .addSubcommand(new NodeRemoveCommand(tool));
  }

  private static CommandLine bench(Tool tool) {
    return new CommandLine(new BenchCommand(tool))
        .addSubcommand(new BenchCompareCommand(tool.terminal()));
  }

  private static CommandLine operation(Tool tool) {
    return new CommandLine(new OperationGroup())
        .addSubcommand(new OperationListCommand(tool))
        .addSubcommand(new OperationShowCommand(tool))
        .addSubcommand(new OperationCancelCommand(tool));
  }

  private static CommandLine rebalance(Tool tool) {
    return new CommandLine(new RebalanceGroup())
        .addSubcommand(new RebalanceCommands.On(tool))
        .addSubcommand(new RebalanceCommands.Off(tool))
        .addSubcommand(new RebalanceCommands.Status(tool));
  }

  /** Adds a subcommand: an object that picocli understands, with its name in the annotation. */
  public CommandLineTool add(Object command) {
    root.addSubcommand(command);
    return this;
  }

  /** The command line with all its subcommands, for documentation and completion. */
  public CommandLine commandLine() {
    return root;
  }

  /** Runs one command and gives the exit code; nothing is thrown. */
  public int run(String... arguments) {
    List<String> words = List.of(arguments);
    List<Exception> failures = new ArrayList<>();
    choices(OutputFormat.class);
    choices(RecordFormat.class);
    choices(ImportCommand.OnError.class);
    choices(ReadingOptions.Level.class);
    choices(Distribution.class);
    root.setUsageHelpAutoWidth(false).setUsageHelpWidth(100);
    root.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    root.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    root.setParameterExceptionHandler((e, ignored) -> Failures.usage(e, words, terminal.err()));
    root.setExecutionExceptionHandler(
        (e, command, ignored) -> {
          failures.add(e);
          return Failures.failed(e, words, terminal.err());
        });
    int exitCode = root.execute(arguments);
    terminal.out().flush();
    if (failures.isEmpty() && exitCode == 0 && terminal.out().checkError()) {
      // A reader that left early, such as head, is no failure worth a message.
      return Failures.FAILED;
    }
    return exitCode;
  }

  /** Reads the constants of an enum as its {@code toString} writes them. */
  private <E extends Enum<E>> void choices(Class<E> type) {
    root.registerConverter(
        type,
        text ->
            Arrays.stream(type.getEnumConstants())
                .filter(constant -> constant.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                    () ->
                        new TypeConversionException(
                            "'%s' is not one of %s"
                                .formatted(text, Arrays.asList(type.getEnumConstants())))));
  }

  /** A command that only groups others. */
  abstract static class Group implements Runnable {
    @Spec @Nullable CommandSpec spec;

    @Override
    public void run() {
      throw Usage.wrong(spec, "Missing command");
    }
  }

  @Command(
      name = "flotilla",
      mixinStandardHelpOptions = true,
      versionProvider = VersionCommand.Provider.class,
      synopsisSubcommandLabel = "COMMAND",
      description = "A sharded, replicated, ordered key-value store.",
      footer = {
        "",
        "Examples:",
        "  flotilla demo                        a story in a minute: shards, elections, recovery",
        "  flotilla dev                         a cluster of three nodes until Ctrl-C",
        "  flotilla put greeting hello          then: flotilla get greeting",
        "  flotilla shard list                  where the shards are and who leads them",
        "",
        "Exit codes: 0 done, 1 the operation failed, 2 the command line was wrong."
      })
  static final class Root extends Group {}

  @Command(
      name = "shard",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Looks at shards, splits them, moves their replicas and leaders.",
      footer = {"", "Examples:", "  flotilla shard list", "  flotilla shard split m t"})
  static final class ShardGroup extends Group {}

  @Command(
      name = "node",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Looks at nodes, empties them, strikes them off.",
      footer = {"", "Examples:", "  flotilla node list", "  flotilla node drain 3"})
  static final class NodeGroup extends Group {}

  @Command(
      name = "operation",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Looks at the moves of replicas that are under way, and takes them back.",
      footer = {"", "Examples:", "  flotilla operation list", "  flotilla operation cancel 1044"})
  static final class OperationGroup extends Group {}

  @Command(
      name = "token",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Makes tokens, which clients show instead of certificates.",
      footer = {"", "Example:", "  flotilla token create shop.token"})
  static final class TokenGroup extends Group {}

  @Command(
      name = "rebalance",
      mixinStandardHelpOptions = true,
      synopsisSubcommandLabel = "COMMAND",
      description = "Whether replicas and leaders are evened out over the nodes.",
      footer = {"", "Example:", "  flotilla rebalance status"})
  static final class RebalanceGroup extends Group {}
}
