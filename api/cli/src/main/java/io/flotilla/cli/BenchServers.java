package io.flotilla.cli;

import io.flotilla.client.AdminClient;
import io.flotilla.client.NodeInfo;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.HashSet;
import java.util.Set;

/** Finds out which nodes of a cluster are on this machine. */
final class BenchServers {
  private BenchServers() {}

  /** Ports of the nodes whose address is one of this machine. */
  static Set<Integer> localPorts(AdminClient admin) {
    Set<Integer> ports = new HashSet<>();
    for (NodeInfo node : admin.listNodes().nodes()) {
      HostPort address = HostPort.parse(node.address());
      if (isLocal(address.host())) {
        ports.add(address.port());
      }
    }
    return ports;
  }

  private static boolean isLocal(String host) {
    try {
      InetAddress address = InetAddress.getByName(host);
      return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    } catch (IOException e) {
      // A name that this machine does not know is not its own.
      return false;
    }
  }
}
