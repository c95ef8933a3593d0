package io.flotilla.shard.violations;

import io.grpc.Status;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import org.lmdbjava.Env;

/** A shard that talks to the network and the disk by itself, and reads the clock. */
final class LeakyShard {
  private final Status status = Status.OK;

  int threads(Env<?> env) {
    return env.info().maxReaders + status.getCode().value();
  }

  long now() {
    return System.nanoTime();
  }

  byte[] serialized() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject("bytes");
    }
    return bytes.toByteArray();
  }
}
