package io.flotilla.server.demo;

import io.flotilla.client.Key;
import io.flotilla.client.Value;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * The cities that the demo loads.
 *
 * @param records in key order
 */
record Sample(SortedMap<Key, Value> records) {
  /** What the licence of the data asks to say. */
  static final String ATTRIBUTION =
      "Cities from the GeoNames gazetteer (geonames.org), CC BY 4.0, selected.";

  private static final String RESOURCE = "cities-extract.tsv.gz";

  Sample {
    records = Collections.unmodifiableSortedMap(new TreeMap<>(records));
  }

  /** Reads them from the jar. */
  static Sample read() {
    try (@Nullable InputStream compressed = Sample.class.getResourceAsStream(RESOURCE)) {
      if (compressed == null) {
        throw new IllegalStateException("the jar lacks " + RESOURCE);
      }
      byte[] text = new GZIPInputStream(compressed).readAllBytes();
      return of(new String(text, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Lines of key, tab, value. */
  static Sample of(String tsv) {
    TreeMap<Key, Value> records = new TreeMap<>();
    tsv.lines()
        .forEach(
            line -> {
              int tab = line.indexOf('\t');
              records.put(Key.of(line.substring(0, tab)), Value.of(line.substring(tab + 1)));
            });
    return new Sample(records);
  }

  int size() {
    return records.size();
  }

  /** Keys that cut the records into parts of the same size, as far as that is possible. */
  List<Key> splitKeys(int parts) {
    List<Key> keys = new ArrayList<>(records.keySet());
    List<Key> bounds = new ArrayList<>();
    for (int part = 1; part < parts; part++) {
      bounds.add(keys.get((int) ((long) keys.size() * part / parts)));
    }
    return List.copyOf(bounds);
  }

  /** SHA-256 of the records as sorted TSV, which is what an export has to be. */
  String checksum() {
    MessageDigest digest = digest();
    records.forEach(
        (key, value) -> {
          digest.update(key.toBytes());
          digest.update((byte) '\t');
          digest.update(value.toBytes());
          digest.update((byte) '\n');
        });
    return HexFormat.of().formatHex(digest.digest());
  }

  /** SHA-256 of some bytes. */
  static String checksum(byte[] bytes) {
    return HexFormat.of().formatHex(digest().digest(bytes));
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
