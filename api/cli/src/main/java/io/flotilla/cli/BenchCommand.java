package io.flotilla.cli;

import io.flotilla.cli.bench.BenchPlan;
import io.flotilla.cli.bench.BenchRun;
import io.flotilla.cli.bench.Measurement;
import io.flotilla.cli.bench.Pace;
import io.flotilla.cli.bench.Processes;
import io.flotilla.cli.bench.Workload;
import io.flotilla.client.AsyncKv;
import io.flotilla.client.Key;
import io.flotilla.client.KeyRange;
import io.flotilla.client.ShardInfo;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures a cluster: throughput, times, errors, and what local servers use.",
      "WORKLOAD is put, get, mixed, or one of YCSB's: ycsb-a to ycsb-f. All keys are written"
          + " first.",
      "Every read is verified: a value that was not written for its key, or that is older than one"
          + " acknowledged before, makes the exit code 1."
    },
    footer = {
      "",
      "Examples:",
      "  flotilla bench put                              64 writes under way, for 10 s",
      "  flotilla bench get --outstanding 1,64,256       three runs",
      "  flotilla bench put,get --time 1m                one after the other",
      "  flotilla bench mixed --shards 16 --clients 4    over 16 shards, on 4 connections",
      "  flotilla bench ycsb-b --rate 5000 --time 1m     5,000 a second, whatever happens",
      "  flotilla bench put --output json >a.json        then: flotilla bench compare a.json b.json"
    })
final class BenchCommand extends ClusterCommand {
  /** Not required by itself: 'compare' has no workload. */
  @Parameters(
      index = "0",
      arity = "0..1",
      split = ",",
      paramLabel = "WORKLOAD",
      description = "What is done; with commas between them, one after the other.")
  List<String> workloads = List.of();

  @Mixin BenchOptions load = new BenchOptions();

  @Option(
      names = "--shards",
      paramLabel = "N",
      description =
          "Splits the keys into N shards first, and spreads their leaders. Default: as it is.")
  @Nullable Integer shards;

  @Option(
      names = "--no-preload",
      description = "Uses the keys that are there from an earlier run, and does not write them.")
  boolean noPreload;

  @Option(
      names = "--pids",
      split = ",",
      paramLabel = "PID",
      description =
          "Server processes whose CPU and memory count. Default: those of this machine that listen"
              + " on the addresses of the nodes.")
  List<Long> pids = List.of();

  @Option(names = "--quiet", description = "Tells results only.")
  boolean quiet;

  private List<BenchPlan> plans = List.of();

  BenchCommand(Tool tool) {
    super(tool);
  }

  @Override
  void check() {
    if (workloads.isEmpty()) {
      throw usage("Missing required parameter: 'WORKLOAD'");
    }
    plans = workloads.stream().map(this::workload).map(load::plan).toList();
    if (shards != null) {
      load.between("--shards", shards, 1, BenchOptions.MOST_SHARDS);
    }
  }

  private Workload workload(String name) {
    return Arrays.stream(Workload.values())
        .filter(known -> known.toString().equalsIgnoreCase(name))
        .findFirst()
        .orElseThrow(
            () ->
                usage(
                    "WORKLOAD '%s' is not one of %s"
                        .formatted(name, Arrays.toString(Workload.values()))));
  }

  @Override
  int run(Cluster cluster) throws InterruptedException {
    List<Cluster> others = new ArrayList<>();
    try {
      List<AsyncKv> clients = new ArrayList<>(List.of(cluster.async()));
      while (clients.size() < load.clients) {
        others.add(another());
        clients.add(others.get(others.size() - 1).async());
      }
      split(cluster);
      List<Measurement> results = new ArrayList<>();
      for (BenchPlan plan : plans) {
        BenchRun run = new BenchRun(plan, clients, runNumber(), surroundings(cluster));
        if (results.isEmpty() && !noPreload) {
          preload(run);
        }
        measure(run, results);
      }
      if (!output.json()) {
        BenchTables.results(results).forEach(this::print);
      }
      return results.stream().allMatch(BenchCommand::isGood) ? 0 : Failures.FAILED;
    } finally {
      others.forEach(Cluster::close);
    }
  }

  private static void preload(BenchRun run) throws InterruptedException {
    long failed = run.preload();
    if (failed > 0) {
      throw new CommandFailure(
          "UNAVAILABLE", "%,d keys could not be written at the start".formatted(failed));
    }
  }

  private void measure(BenchRun run, List<Measurement> results) throws InterruptedException {
    for (int outstanding : load.outstanding) {
      Measurement result = run.measure(outstanding);
      results.add(result);
      if (output.json()) {
        print(result.json());
        terminal().out().flush();
      }
    }
    run.wrongReads().forEach(wrong -> terminal().err().println("flotilla: wrong read: " + wrong));
  }

  private static boolean isGood(Measurement result) {
    return result.faults().wrongReads() == 0 && result.times().getTotalCount() > 0;
  }

  /** No two runs over the same keys have the same number, but by a rare accident. */
  private long runNumber() {
    return Long.rotateLeft(terminal().nanos(), Integer.SIZE / 2) ^ ProcessHandle.current().pid();
  }

  private BenchRun.Surroundings surroundings(Cluster cluster) {
    Processes processes = Processes.local();
    List<Long> servers =
        pids.isEmpty() ? processes.listening(BenchServers.localPorts(cluster.admin())) : pids;
    return new BenchRun.Surroundings(
        Pace.of(terminal()::nanos),
        processes,
        servers,
        line -> {
          if (!quiet) {
            terminal().err().println(line);
          }
        });
  }

  private void split(Cluster cluster) {
    if (shards == null) {
      return;
    }
    Set<Optional<Key>> starts =
        cluster.admin().listShards().shards().stream()
            .map(ShardInfo::range)
            .map(KeyRange::start)
            .collect(Collectors.toSet());
    for (Key boundary : plans.get(0).keys().boundaries(shards)) {
      if (!starts.contains(Optional.of(boundary))) {
        LeaderSpread.move(cluster.admin(), cluster.admin().splitShard(boundary).right().shardId());
      }
    }
  }
}
