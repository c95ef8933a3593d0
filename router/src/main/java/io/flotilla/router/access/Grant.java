package io.flotilla.router.access;

import com.google.protobuf.ByteString;
import io.flotilla.contract.v1.KeyRange;

/**
 * A role, and for which keys.
 *
 * @param role what may be done
 * @param prefix of the keys; empty: all of them
 */
public record Grant(Role role, ByteString prefix) {
  /** Whether it holds for a key. */
  boolean covers(ByteString key) {
    return key.startsWith(prefix);
  }

  /** Whether it holds for every key that a range can have. */
  boolean covers(KeyRange range) {
    if (prefix.isEmpty()) {
      return true;
    }
    ByteString after = successor();
    boolean ends =
        after.isEmpty()
            || (!range.getEnd().isEmpty()
                && ByteString.unsignedLexicographicalComparator().compare(range.getEnd(), after)
                    <= 0);
    return range.getStart().startsWith(prefix) && ends;
  }

  /** The first key that is behind all with the prefix; empty: there is none. */
  private ByteString successor() {
    int last = prefix.size() - 1;
    while (last >= 0 && prefix.byteAt(last) == (byte) 0xFF) {
      last--;
    }
    if (last < 0) {
      return ByteString.EMPTY;
    }
    byte[] bytes = prefix.substring(0, last + 1).toByteArray();
    bytes[last]++;
    return ByteString.copyFrom(bytes);
  }

  @Override
  public String toString() {
    return prefix.isEmpty() ? role.toString() : role + " of '" + Keys.show(prefix) + "…'";
  }
}
