package io.flotilla.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.contract.v1.NodeInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeDirectoryTest {
  private static final NodeInfo APART =
      NodeInfo.newBuilder().setNodeId(1).setAddress("a:1").setPeerAddress("a:2").build();
  private static final NodeInfo SHARED =
      NodeInfo.newBuilder().setNodeId(2).setAddress("b:1").build();

  @Test
  void nodes_useThePortForNodesWhereThereIsOne() {
    NodeDirectory forNodes = new NodeDirectory(true);
    forNodes.merge(List.of(APART, SHARED));
    assertThat(forNodes.addresses()).hasToString("[a:2, b:1]");
  }

  @Test
  void clients_neverDo() {
    NodeDirectory forClients = new NodeDirectory();
    forClients.merge(List.of(APART, SHARED));
    assertThat(forClients.addresses()).hasToString("[a:1, b:1]");
  }
}
