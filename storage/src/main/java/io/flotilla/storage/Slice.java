package io.flotilla.storage;

/** Part of a byte array that nobody changes. Identity matters, not content. */
final class Slice {

  final byte[] bytes;
  final int offset;
  final int length;

  Slice(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }
}
