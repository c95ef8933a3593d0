package io.flotilla.shard.transport;

import io.flotilla.internal.v1.AppendEntries;
import io.flotilla.internal.v1.AppendEntriesReply;
import io.flotilla.internal.v1.Commit;
import io.flotilla.internal.v1.Heartbeat;
import io.flotilla.internal.v1.HeartbeatReply;
import io.flotilla.internal.v1.LogEntry;
import io.flotilla.internal.v1.PeerMessage;
import io.flotilla.internal.v1.ReadIndexReply;
import io.flotilla.internal.v1.ReadIndexRequest;
import io.flotilla.internal.v1.RequestVote;
import io.flotilla.internal.v1.RequestVoteReply;
import io.flotilla.internal.v1.TimeoutNow;
import io.flotilla.raft.Entry;
import io.flotilla.raft.Message;
import io.flotilla.raft.MessageVisitor;
import io.flotilla.shard.descriptor.Descriptors;
import java.util.ArrayList;
import java.util.List;

/** Raft's messages on the wire. Snapshots travel on streams of their own. */
final class PeerMessages {
  private static final Entry.Type[] ENTRY_TYPES = Entry.Type.values();

  private PeerMessages() {}

  static PeerMessage encode(long shardId, Message message) {
    PeerMessage.Builder out =
        PeerMessage.newBuilder()
            .setShardId(shardId)
            .setFromReplica(message.from())
            .setToReplica(message.to())
            .setTerm(message.term());
    return message.accept(new Encoder(out)).build();
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException if it is none this version knows, or names nobody
   */
  static Message decode(PeerMessage in) {
    long from = in.getFromReplica();
    long to = in.getToReplica();
    long term = in.getTerm();
    if (in.getShardId() < 1 || from < 1 || to < 1 || term < 0) {
      throw new IllegalArgumentException("a message with ids or a term that nobody has");
    }
    return switch (in.getMessageCase()) {
      case REQUEST_VOTE -> {
        RequestVote m = in.getRequestVote();
        yield new Message.RequestVote(
            from, to, term, m.getLastIndex(), m.getLastTerm(), m.getPreVote(), m.getTransfer());
      }
      case REQUEST_VOTE_REPLY -> {
        RequestVoteReply m = in.getRequestVoteReply();
        yield new Message.RequestVoteReply(
            from, to, term, m.getGranted(), m.getPreVote(), m.getCommit(), m.getCommitTerm());
      }
      case APPEND_ENTRIES -> decode(from, to, term, in.getAppendEntries());
      case APPEND_ENTRIES_REPLY -> {
        AppendEntriesReply m = in.getAppendEntriesReply();
        yield new Message.AppendEntriesReply(
            from, to, term, m.getReject(), m.getIndex(), m.getHintIndex(), m.getHintTerm());
      }
      case HEARTBEAT ->
          new Message.Heartbeat(
              from, to, term, in.getHeartbeat().getCommit(), in.getHeartbeat().getReadRound());
      case COMMIT -> new Message.Commit(from, to, term, in.getCommit().getCommit());
      case HEARTBEAT_REPLY ->
          new Message.HeartbeatReply(from, to, term, in.getHeartbeatReply().getReadRound());
      case TIMEOUT_NOW -> new Message.TimeoutNow(from, to, term);
      case READ_INDEX_REQUEST ->
          new Message.ReadIndexRequest(from, to, term, in.getReadIndexRequest().getContext());
      case READ_INDEX_REPLY ->
          new Message.ReadIndexReply(
              from,
              to,
              term,
              in.getReadIndexReply().getContext(),
              in.getReadIndexReply().getIndex());
      case MESSAGE_NOT_SET ->
          throw new IllegalArgumentException("a message of a kind not known here");
    };
  }

  private static Message decode(long from, long to, long term, AppendEntries m) {
    List<Entry> entries = new ArrayList<>(m.getEntriesCount());
    for (LogEntry entry : m.getEntriesList()) {
      if (entry.getType() < 0 || entry.getType() >= ENTRY_TYPES.length) {
        throw new IllegalArgumentException("an entry of a type not known here");
      }
      entries.add(
          new Entry(
              entry.getTerm(),
              entry.getIndex(),
              ENTRY_TYPES[entry.getType()],
              Descriptors.payload(entry.getPayload())));
    }
    return new Message.AppendEntries(
        from, to, term, m.getPrevIndex(), m.getPrevTerm(), entries, m.getCommit());
  }

  /** Bytes of a message, near enough for bounds. */
  static int sizeBytes(Message message) {
    int bytes = 64;
    if (message instanceof Message.AppendEntries append) {
      for (Entry entry : append.entries()) {
        bytes += (int) entry.sizeBytes();
      }
    }
    return bytes;
  }

  private record Encoder(PeerMessage.Builder out) implements MessageVisitor<PeerMessage.Builder> {
    @Override
    public PeerMessage.Builder requestVote(Message.RequestVote m) {
      return out.setRequestVote(
          RequestVote.newBuilder()
              .setLastIndex(m.lastIndex())
              .setLastTerm(m.lastTerm())
              .setPreVote(m.preVote())
              .setTransfer(m.transfer()));
    }

    @Override
    public PeerMessage.Builder requestVoteReply(Message.RequestVoteReply m) {
      return out.setRequestVoteReply(
          RequestVoteReply.newBuilder()
              .setGranted(m.granted())
              .setPreVote(m.preVote())
              .setCommit(m.commit())
              .setCommitTerm(m.commitTerm()));
    }

    @Override
    public PeerMessage.Builder appendEntries(Message.AppendEntries m) {
      AppendEntries.Builder append =
          AppendEntries.newBuilder()
              .setPrevIndex(m.prevIndex())
              .setPrevTerm(m.prevTerm())
              .setCommit(m.commit());
      for (Entry entry : m.entries()) {
        append.addEntries(
            LogEntry.newBuilder()
                .setTerm(entry.term())
                .setIndex(entry.index())
                .setType(typeCode(entry.type()))
                .setPayload(Descriptors.bytes(entry.payload())));
      }
      return out.setAppendEntries(append);
    }

    @SuppressWarnings("EnumOrdinal") // The core fixes the ordinals: they are on disk, too.
    private static int typeCode(Entry.Type type) {
      return type.ordinal();
    }

    @Override
    public PeerMessage.Builder appendEntriesReply(Message.AppendEntriesReply m) {
      return out.setAppendEntriesReply(
          AppendEntriesReply.newBuilder()
              .setReject(m.reject())
              .setIndex(m.index())
              .setHintIndex(m.hintIndex())
              .setHintTerm(m.hintTerm()));
    }

    @Override
    public PeerMessage.Builder heartbeat(Message.Heartbeat m) {
      return out.setHeartbeat(
          Heartbeat.newBuilder().setCommit(m.commit()).setReadRound(m.readRound()));
    }

    @Override
    public PeerMessage.Builder commit(Message.Commit m) {
      return out.setCommit(Commit.newBuilder().setCommit(m.commit()));
    }

    @Override
    public PeerMessage.Builder heartbeatReply(Message.HeartbeatReply m) {
      return out.setHeartbeatReply(HeartbeatReply.newBuilder().setReadRound(m.readRound()));
    }

    @Override
    public PeerMessage.Builder installSnapshot(Message.InstallSnapshot m) {
      throw new IllegalArgumentException("a snapshot travels on a stream of its own");
    }

    @Override
    public PeerMessage.Builder timeoutNow(Message.TimeoutNow m) {
      return out.setTimeoutNow(TimeoutNow.getDefaultInstance());
    }

    @Override
    public PeerMessage.Builder readIndexRequest(Message.ReadIndexRequest m) {
      return out.setReadIndexRequest(ReadIndexRequest.newBuilder().setContext(m.context()));
    }

    @Override
    public PeerMessage.Builder readIndexReply(Message.ReadIndexReply m) {
      return out.setReadIndexReply(
          ReadIndexReply.newBuilder().setContext(m.context()).setIndex(m.index()));
    }
  }
}
