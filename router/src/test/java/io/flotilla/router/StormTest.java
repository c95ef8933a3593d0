package io.flotilla.router;

import static io.flotilla.router.TestRoutes.get;
import static io.flotilla.router.TestRoutes.route;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * How many questions about routes reach the system shard, and each node, whatever a thousand
 * clients meet together. Clients ask any node, which answers from its copy; only nodes ask the
 * system shard.
 */
class StormTest {
  private static final long MILLIS = VirtualScheduler.MILLIS;
  private static final int CLIENTS = 1_000;
  private static final int NODES = 5;

  /** A poll each second and node, with jitter at most two. */
  private static final int POLLS_A_SECOND = 2 * NODES;

  private final TownOfNodes town = new TownOfNodes(NODES, 11);

  @Test
  void aThousandClientsThatStartAtOnceDoNotReachTheSystemShard() {
    settle();
    List<CompletableFuture<Reply>> calls = new ArrayList<>();
    for (Router client : town.clients(CLIENTS)) {
      for (int i = 0; i < 3; i++) {
        calls.add(client.dispatcher().dispatch(get("key" + i, 10_000)));
      }
    }
    town.time.advance(5_000 * MILLIS);
    assertThat(calls).allMatch(call -> call.isDone() && call.join().hasGet());
    assertThat(town.catalogReads).isLessThanOrEqualTo(5 * POLLS_A_SECOND);
    // Each keeps one subscription, and has asked for the map itself at most once.
    assertThat(town.watches).isEqualTo(CLIENTS);
    assertThat(town.fetches).isLessThanOrEqualTo(CLIENTS);
  }

  @Test
  void aDeadNodeSendsNobodyToTheSystemShard() {
    settle();
    List<Router> clients = town.clients(CLIENTS);
    town.time.advance(1_000 * MILLIS);
    town.forgetCounts();
    // A replica of both shards, and the leader of the one that the clients use.
    town.kill(2);
    List<CompletableFuture<Reply>> calls = callEach(clients, 20_000);
    town.time.advance(5_000 * MILLIS);
    // Whoever watched that node goes on at another one; all find out that nobody leads.
    assertThat(town.watches).isBetween(CLIENTS / NODES / 2, 2 * CLIENTS);
    assertThat(town.catalogReads).as("without a leader").isLessThanOrEqualTo(5 * POLLS_A_SECOND);
    assertThat(town.fetches).as("by clients").isLessThanOrEqualTo(CLIENTS * (6 + 2 * 5));
    town.lead(2, 3);
    town.time.advance(5_000 * MILLIS);
    assertThat(calls).allMatch(call -> call.isDone() && call.join().hasGet());
    assertThat(town.catalogReads).isLessThanOrEqualTo(10 * POLLS_A_SECOND);
  }

  @Test
  void aRestartOfTheSystemShardsLeaderEmptiesNobodysRoutes() {
    settle();
    List<Router> clients = town.clients(100);
    town.time.advance(1_000 * MILLIS);
    town.kill(1);
    assertCallsGoOn(clients);
    town.time.advance(20_000 * MILLIS);
    assertCallsGoOn(clients);
    assertThat(town.routers).allMatch(node -> node.routes().table().routes().size() == 2);
    // Clients that start now learn the routes from the copy of any node that lives.
    assertCallsGoOn(town.clients(100));
    town.revive(1);
    town.time.advance(3_000 * MILLIS);
    assertCallsGoOn(clients);
    assertThat(clients).allMatch(client -> client.routes().table().routes().size() == 2);
  }

  /** Calls of clients, and calls that nodes without the shard pass on. */
  private void assertCallsGoOn(List<Router> clients) {
    List<CompletableFuture<Reply>> calls = new ArrayList<>(callEach(clients, 2_000));
    calls.addAll(callEach(town.routers.subList(3, NODES), 2_000));
    town.time.advance(2_000 * MILLIS);
    assertThat(calls).allMatch(call -> call.isDone() && call.join().hasGet());
  }

  private static List<CompletableFuture<Reply>> callEach(List<Router> clients, int timeout) {
    return clients.stream().map(client -> client.dispatcher().dispatch(get("a", timeout))).toList();
  }

  /** Nodes know the catalog, clients are not there yet. */
  private void settle() {
    town.bootstrap(
        route(1, TestRoutes.range("", ""), 1, 1, 1), // the system shard
        route(2, TestRoutes.range("", ""), 1, 2, 1));
    town.time.advance(3_000 * MILLIS);
    town.forgetCounts();
  }
}
