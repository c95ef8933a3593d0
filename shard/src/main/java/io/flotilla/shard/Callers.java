package io.flotilla.shard;

import io.flotilla.contract.v1.ErrorCode;
import io.flotilla.contract.v1.Reply;
import io.flotilla.contract.v1.Request;
import io.flotilla.contract.v1.Route;
import io.flotilla.internal.v1.Command;
import io.flotilla.internal.v1.CommandBatch;
import io.flotilla.raft.Payload;
import io.flotilla.raft.ProposalResult;
import io.flotilla.raft.Role;
import io.flotilla.raft.RoleChange;
import io.flotilla.raft.TransferResult;
import io.flotilla.shard.kv.Failures;
import io.flotilla.shard.kv.Requests;
import io.flotilla.shard.kv.Stamps;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls of clients to one replica, from arrival to answer. Confined to the loop.
 *
 * <p>Writes that arrive in one turn become one log entry. Reads go on with {@link Readers}.
 */
final class Callers {
  private static final int MAX_COMMANDS_PER_ENTRY = 256;
  private static final int MAX_BYTES_PER_ENTRY = 1 << 20;

  private final Replica replica;
  private final HostParts parts;
  private final Capacity capacity;
  private final ProposalTracker proposals = new ProposalTracker();
  private final Readers readers;
  private List<Call> newWrites = new ArrayList<>();
  private @Nullable Call transfer;

  /** Calls without an answer, in the order of arrival; each is answered on the loop. */
  private final Map<Long, Call> open = new TreeMap<>();

  private long nextOpen;

  Callers(Replica replica, Readers readers, HostParts parts) {
    this.replica = replica;
    this.readers = readers;
    this.parts = parts;
    this.capacity = new Capacity(parts.nodeId(), parts.store());
  }

  ProposalTracker proposals() {
    return proposals;
  }

  /** Whether this node has room for what is proposed. */
  Capacity capacity() {
    return capacity;
  }

  /** What a caller with a stale route may look for: this shard, and those split off it lately. */
  List<Route> routes() {
    List<Route> routes = new ArrayList<>(List.of(replica.route()));
    routes.addAll(replica.machine().splitOff());
    return routes;
  }

  /** A call arrived whose request is within the bounds of the contract. */
  void accept(Call call) {
    Request request = call.request();
    if (call.isExpired(parts.clock().nanos())) {
      call.expireUntouched();
    } else if (!Keys.allInside(request, replica.descriptor().range())) {
      call.reply(Failures.staleRoute(replica.shardId(), routes()));
    } else if (Keys.isRead(request) && readers.canServeNow(request)) {
      replica.meter().taken(request);
      readers.answer(call);
    } else if (!replica.node().isLeader() && !Keys.mayAnyReplicaAnswer(request)) {
      call.reply(replica.notLeader());
    } else if (request.hasTransferLeader()) {
      transfer(call);
    } else if (open.size() >= parts.config().mailboxCalls()) {
      call.reply(
          Failures.notApplied(
              ErrorCode.ERROR_CODE_OVERLOADED,
              "shard " + replica.shardId() + " has too many calls under way: try again later"));
    } else {
      capacity.refusal(request).ifPresentOrElse(call::reply, () -> admit(call));
    }
  }

  private void admit(Call call) {
    track(call);
    replica.meter().taken(call.request());
    if (Keys.isRead(call.request())) {
      readers.add(call);
    } else {
      newWrites.add(call);
    }
  }

  /** It is answered when the replica stops, if not before. */
  void track(Call call) {
    long number = nextOpen++;
    open.put(number, call);
    var unused = call.answer().whenComplete((reply, none) -> open.remove(number));
  }

  /** The end of a turn: everything that arrived in it is proposed, or asks for its read index. */
  void proposeAndRead() {
    if (!newWrites.isEmpty()) {
      List<Call> writes = newWrites;
      newWrites = new ArrayList<>();
      for (int from = 0; from < writes.size(); ) {
        from = proposeSome(writes, from);
      }
    }
    readers.begin();
  }

  private int proposeSome(List<Call> writes, int from) {
    CommandBatch.Builder batch = newBatch();
    List<Call> calls = new ArrayList<>();
    long bytes = 0;
    int next = from;
    while (next < writes.size() && calls.size() < MAX_COMMANDS_PER_ENTRY) {
      Call call = writes.get(next);
      int size = call.request().getSerializedSize();
      if (!calls.isEmpty() && bytes + size > MAX_BYTES_PER_ENTRY) {
        break;
      }
      batch.addCommands(Requests.toCommand(call.request()));
      calls.add(call);
      bytes += size;
      next++;
    }
    propose(batch.build(), calls);
    return next;
  }

  private CommandBatch.Builder newBatch() {
    return CommandBatch.newBuilder().setStamp(Stamps.of(parts.clock().wallMillis()));
  }

  /** Proposes one command that must be alone in its entry. */
  void proposeAlone(Command command, Call call) {
    track(call);
    propose(newBatch().addCommands(command).build(), List.of(call));
    replica.loop().markDue(replica);
  }

  private void propose(CommandBatch batch, List<Call> calls) {
    ProposalResult result = replica.node().propose(Payload.of(batch.toByteArray()));
    if (result.accepted()) {
      proposals.add(
          new ProposalTracker.Proposal(
              result.index(), result.term(), parts.clock().nanos(), batch, calls));
      parts.meter().proposed(batch.getCommandsCount());
      return;
    }
    Reply refusal = refusal(result.status());
    calls.forEach(call -> call.reply(refusal));
  }

  private Reply refusal(ProposalResult.Status status) {
    return switch (status) {
      case NOT_LEADER -> replica.notLeader();
      case TRANSFERRING, NOT_READY, NOT_CAUGHT_UP, ACCEPTED ->
          Failures.notApplied(
              ErrorCode.ERROR_CODE_UNAVAILABLE,
              "leadership of shard " + replica.shardId() + " is being moved: try again");
      case OVERLOADED ->
          Failures.notApplied(
              ErrorCode.ERROR_CODE_OVERLOADED,
              "shard " + replica.shardId() + " has too many bytes under way: try again later");
    };
  }

  private void transfer(Call call) {
    long toNode = call.request().getTransferLeader().getToNodeId();
    var target = replica.descriptor().replicaOn(toNode);
    if (target.isEmpty() || !target.get().staysVoter()) {
      call.reply(
          Failures.invalid(
              "node " + toNode + " has no voting replica of shard " + replica.shardId()));
      return;
    }
    TransferResult result = replica.node().transferLeadership(target.get().replicaId());
    switch (result) {
      case STARTED -> {
        if (transfer != null) {
          transfer.reply(
              Failures.notApplied(
                  ErrorCode.ERROR_CODE_UNAVAILABLE, "another transfer took its place"));
        }
        transfer = call;
      }
      case ALREADY_LEADER -> call.reply(transferred(toNode));
      case NOT_LEADER -> call.reply(replica.notLeader());
      case NOT_A_VOTER ->
          call.reply(Failures.invalid("the replica on node " + toNode + " has no vote"));
    }
  }

  private Reply transferred(long leaderNode) {
    Reply.Builder reply = Reply.newBuilder();
    reply.getTransferLeaderBuilder().setLeaderNodeId(leaderNode).setTerm(replica.node().term());
    return reply.build();
  }

  void roleChanged(RoleChange change) {
    if (change.role() != Role.LEADER) {
      proposals.failAll();
      newWrites.forEach(call -> call.reply(replica.notLeader()));
      newWrites = new ArrayList<>();
    }
    readers.roleChanged();
    if (transfer != null && change.leaderId() != 0 && change.role() != Role.LEADER) {
      transfer.reply(transferred(replica.descriptor().nodeOf(change.leaderId())));
      transfer = null;
    }
  }

  /** The replica has stopped, perhaps half-way through what some of the calls wait for. */
  void failAll(Reply reply) {
    proposals.failAll();
    List.copyOf(open.values()).forEach(call -> call.reply(reply));
    if (transfer != null) {
      transfer.reply(reply);
      transfer = null;
    }
  }

  /** Answers the calls whose deadline has passed. */
  void tick() {
    long now = parts.clock().nanos();
    proposals.expire(now);
    readers.tick();
    if (transfer != null && transfer.isExpired(now)) {
      transfer.reply(
          Failures.unknown(
              ErrorCode.ERROR_CODE_DEADLINE_EXCEEDED,
              "node "
                  + transfer.request().getTransferLeader().getToNodeId()
                  + " did not take over in time"));
      transfer = null;
    }
  }
}
