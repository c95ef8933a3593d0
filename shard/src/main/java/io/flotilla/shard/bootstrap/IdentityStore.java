package io.flotilla.shard.bootstrap;

import com.google.protobuf.InvalidProtocolBufferException;
import io.flotilla.internal.v1.IdentRow;
import io.flotilla.raft.Payload;
import io.flotilla.storage.NodeStore;
import java.util.Optional;

/** Keeps a node's identity. One thread at a time. */
public interface IdentityStore {
  /** What was written last; empty in a new data directory. */
  Optional<IdentRow> read();

  /** Replaces it, durable on return. */
  void write(IdentRow ident);

  /** The identity in a node's store. */
  static IdentityStore of(NodeStore store) {
    return new IdentityStore() {
      @Override
      public Optional<IdentRow> read() {
        Payload stored = store.ident();
        if (stored == null) {
          return Optional.empty();
        }
        try {
          return Optional.of(IdentRow.parseFrom(stored.asReadOnlyByteBuffer()));
        } catch (InvalidProtocolBufferException e) {
          throw new IllegalStateException("the identity of the store cannot be read", e);
        }
      }

      @Override
      public void write(IdentRow ident) {
        store.writeIdent(Payload.of(ident.toByteArray()));
      }
    };
  }
}
