package io.flotilla.router;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.Context;
import io.flotilla.contract.v1.Epoch;
import io.flotilla.contract.v1.GetRequest;
import io.flotilla.contract.v1.KeyRange;
import io.flotilla.contract.v1.NodeInfo;
import io.flotilla.contract.v1.PutRequest;
import io.flotilla.contract.v1.Replica;
import io.flotilla.contract.v1.ReplicaRole;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.contract.v1.ShardDescriptor;

/** Short ways to write routes and requests. */
public final class TestRoutes {
  private TestRoutes() {}

  public static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  public static KeyRange range(String start, String end) {
    return KeyRange.newBuilder().setStart(bytes(start)).setEnd(bytes(end)).build();
  }

  /** A shard on nodes 1 to 3 with range version 1, led by node 1 in term 1. */
  public static Route route(long shardId, String start, String end) {
    return route(shardId, range(start, end), 1, 1, 1);
  }

  /** A shard on nodes 1 to 3. */
  public static Route route(
      long shardId, KeyRange range, long rangeVersion, long leader, long term) {
    ShardDescriptor.Builder shard =
        ShardDescriptor.newBuilder()
            .setShardId(shardId)
            .setRange(range)
            .setEpoch(Epoch.newBuilder().setMembershipVersion(1).setRangeVersion(rangeVersion));
    for (long node = 1; node <= 3; node++) {
      shard.addReplicas(
          Replica.newBuilder()
              .setReplicaId(shardId * 10 + node)
              .setNodeId(node)
              .setRole(ReplicaRole.REPLICA_ROLE_VOTER));
    }
    return Route.newBuilder().setShard(shard).setLeaderNodeId(leader).setLeaderTerm(term).build();
  }

  public static NodeInfo node(long id) {
    return NodeInfo.newBuilder().setNodeId(id).setAddress(address(id).toString()).build();
  }

  /** Node 1 listens at port 7001 and so on. */
  public static NodeAddress address(long nodeId) {
    return new NodeAddress("node", (int) (7000 + nodeId));
  }

  public static long nodeAt(NodeAddress address) {
    return address.port() - 7000L;
  }

  public static Request get(String key, int timeoutMillis) {
    return Request.newBuilder()
        .setContext(Context.newBuilder().setTimeoutMillis(timeoutMillis))
        .setGet(GetRequest.newBuilder().setKey(bytes(key)))
        .build();
  }

  public static Request put(String key, int timeoutMillis) {
    return Request.newBuilder()
        .setContext(Context.newBuilder().setTimeoutMillis(timeoutMillis))
        .setPut(PutRequest.newBuilder().setKey(bytes(key)).setValue(bytes("v")))
        .build();
  }

  /** The same write, numbered, so that it may be repeated. */
  public static Request numbered(Request write, long sequence) {
    return write.toBuilder()
        .setContext(write.getContext().toBuilder().setSessionId(77).setSequence(sequence))
        .build();
  }
}
