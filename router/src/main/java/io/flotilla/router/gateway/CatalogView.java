package io.flotilla.router.gateway;

import io.flotilla.contract.v1.GetCatalogReply;
import io.flotilla.contract.v1.NodeInfo;

/** The catalog as a server shows it to clients. Thread-safe. */
@FunctionalInterface
interface CatalogView {
  /** Clients go to the nodes themselves. */
  CatalogView AS_IT_IS = catalog -> catalog;

  /** What clients see of a catalog. */
  GetCatalogReply of(GetCatalogReply catalog);

  /**
   * All nodes are behind one address: clients that follow the map come back there, with whatever
   * they want of whichever node.
   */
  static CatalogView behind(String address) {
    return catalog -> {
      GetCatalogReply.Builder seen = catalog.toBuilder();
      for (NodeInfo.Builder node : seen.getNodesBuilderList()) {
        node.setAddress(address);
      }
      return seen.build();
    };
  }
}
