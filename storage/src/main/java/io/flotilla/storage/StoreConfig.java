package io.flotilla.storage;

/** Bounds of a node's store, fixed while it is open. */
public record StoreConfig(JournalConfig journal, StateConfig state) {

  /** For a server: sparse maps of 16 GiB and 256 GiB. */
  public static StoreConfig defaults() {
    return new StoreConfig(JournalConfig.defaults(), StateConfig.defaults());
  }

  /** For tests: small maps, small blocks, small steps, so that every bound is met soon. */
  public static StoreConfig small() {
    int mib = 1 << 20;
    return new StoreConfig(
        new JournalConfig(64 * mib, 4 * mib, 4 * mib, mib, 16 << 10, mib),
        new StateConfig(64 * mib, 32, 4 * mib, mib, 32 << 10, 8 << 10));
  }
}
