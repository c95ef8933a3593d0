package io.flotilla.cli.format;

import com.google.protobuf.ByteString;

/** One record of a file. */
public record KeyValue(ByteString key, ByteString value) {}
