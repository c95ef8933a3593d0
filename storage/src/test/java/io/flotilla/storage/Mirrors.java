package io.flotilla.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The real LMDB environments beside those of one simulated disk, in a directory of their own. */
public final class Mirrors {
  private final Path directory;
  private final Consumer<String> differs;
  private final List<MirroredStore> open = new ArrayList<>();
  private int generation;

  /**
   * None yet.
   *
   * @param directory empty, and removed by the caller in the end
   * @param differs is told what LMDB did otherwise than its model
   */
  public Mirrors(Path directory, Consumer<String> differs) {
    this.directory = directory;
    this.differs = differs;
  }

  /** The environment of that name, as the last process left it. */
  OrderedStore open(String name, SimOrderedStore model, long mapBytes) {
    Path place = directory.resolve(name + "-" + generation);
    boolean fresh = !Files.isDirectory(place);
    try {
      Files.createDirectories(place);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    MirroredStore store = new MirroredStore(model, place, mapBytes, differs);
    if (fresh) {
      store.fill();
    }
    open.add(store);
    return store;
  }

  /** The process that opened them is dead. */
  void crash() {
    open.forEach(MirroredStore::crash);
    open.clear();
  }

  /** The disk holds something else from now on. */
  void forget() {
    crash();
    generation++;
  }
}
