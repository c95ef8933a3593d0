package io.flotilla.cli;

import io.flotilla.client.NodeInfo;
import io.flotilla.client.NodeList;
import picocli.CommandLine.Command;

@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Lists the nodes with their state, as far as they could be asked.",
    footer = {"", "Examples:", "  flotilla node list", "  flotilla node list --output json"})
final class NodeListCommand extends ClusterCommand {
  NodeListCommand(Tool tool) {
    super(tool);
  }

  @Override
  int run(Cluster cluster) {
    NodeList list = cluster.admin().listNodes();
    if (output.json()) {
      list.nodes().forEach(node -> print(NodeTables.object(node)));
      return 0;
    }
    NodeTables.list(list.nodes()).forEach(this::print);
    for (NodeInfo node : list.nodes()) {
      if (!node.reachable() && !node.problem().isEmpty()) {
        terminal().err().println("flotilla: node " + node.nodeId() + ": " + node.problem());
      }
    }
    return 0;
  }
}
