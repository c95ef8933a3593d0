package io.flotilla.raft.violations;

import io.flotilla.contract.v1.GetRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.LoggerFactory;

/** Reaches for everything that a consensus core must not reach. */
final class ImpureCore {
  private final ConcurrentHashMap<String, String> shared = new ConcurrentHashMap<>();

  long clocks() {
    LongSupplier hidden = System::nanoTime;
    return System.currentTimeMillis() + hidden.getAsLong() + Instant.now().toEpochMilli();
  }

  Thread thread() {
    return new Thread(shared::clear);
  }

  boolean files(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path)) {
      return channel.isOpen() && Files.exists(path);
    }
  }

  InputStream socket() throws IOException {
    return new Socket("localhost", 1).getInputStream();
  }

  String chance(List<String> names) {
    Collections.shuffle(names);
    double dice = Math.random() + new Random().nextInt() + new SplittableRandom().nextInt();
    dice += ThreadLocalRandom.current().nextInt() + RandomGenerator.getDefault().nextInt();
    return UUID.randomUUID() + names.get(0) + dice;
  }

  void outside(GetRequest request) {
    LoggerFactory.getLogger(ImpureCore.class).info("{}", request);
  }
}
