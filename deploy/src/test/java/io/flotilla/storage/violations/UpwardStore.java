package io.flotilla.storage.violations;

import io.flotilla.contract.v1.GetRequest;
import io.flotilla.shard.descriptor.ShardEpoch;

/** A store that knows what stands on top of it, and what travels on the wire. */
record UpwardStore(ShardEpoch epoch, GetRequest request) {}
