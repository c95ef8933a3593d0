package io.flotilla.client;

import static io.flotilla.client.Tests.await;
import static io.flotilla.client.Tests.key;
import static io.flotilla.client.Tests.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls find the leader, wherever it has gone. */
class RoutingTest {
  private FakeCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = new FakeCluster(3);
  }

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Test
  void anyEndpointWillDo() {
    cluster.lead(1, 2);
    cluster.lead(2, 2);
    cluster.node(1).close();
    List<String> endpoints = List.of(cluster.node(1).address(), cluster.node(2).address());
    try (FlotillaClient client = FlotillaClient.builder().endpoints(endpoints).build()) {
      client.kv().put("a", "1");
      assertThat(client.kv().get("a")).isPresent();
    }
  }

  @Test
  void aLeaderThatMovedIsFoundByTheAnswers() {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().put("a", "1");
      cluster.lead(2, 3);
      client.kv().put("a", "2");
      client.kv().put("a", "3");
      assertThat(cluster.store.writes()).isEqualTo(3);
      assertThat(cluster.node(1).count(Request::hasPut)).isEqualTo(2);
      assertThat(cluster.node(3).count(Request::hasPut)).isEqualTo(2);
    }
  }

  @Test
  void aLeaderThatMovedIsFoundByTheSubscription() {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().put("a", "1");
      cluster.lead(2, 3);
      cluster.publish();
      // Until the map has come, the answers repair the route as well.
      client.kv().put("a", "2");
      assertThat(cluster.store.writes()).isEqualTo(2);
    }
  }

  @Test
  void aSplitIsFoundByTheAnswers() {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().put("z", "1");
      cluster.split("m");
      cluster.lead(3, 2);
      client.kv().put("z", "2");
      assertThat(client.kv().get("z")).map(Entry::value).contains(value("2"));
      assertThat(cluster.store.writes()).isEqualTo(2);
    }
  }

  @Test
  void aLeaderThatDiesIsReplaced() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().put("a", "1");
      cluster.node(1).silent = request -> true;
      List<CompletableFuture<WriteResult>> writes = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        writes.add(client.async().put(key("k" + i), value("v")));
      }
      cluster.lead(1, 2);
      cluster.lead(2, 2);
      cluster.node(1).close();
      for (CompletableFuture<WriteResult> write : writes) {
        assertThat(await(write).applied()).isTrue();
      }
      assertThat(cluster.store.writes()).isEqualTo(51);
    }
  }

  @Test
  void manyCallsLeaveInFewFrames() throws Exception {
    try (FlotillaClient client = cluster.client().build()) {
      client.kv().put("a", "1");
      List<CompletableFuture<?>> calls = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        calls.add(client.async().get(key("a")));
      }
      await(CompletableFuture.allOf(calls.toArray(new CompletableFuture<?>[0])));
      assertThat(cluster.node(1).count(Request::hasGet)).isEqualTo(5_000);
      assertThat(cluster.node(1).frames.get()).isLessThan(2_500);
    }
  }
}
