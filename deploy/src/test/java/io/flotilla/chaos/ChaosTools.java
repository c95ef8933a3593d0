package io.flotilla.chaos;

import io.flotilla.server.local.JavaCommand;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the commands need of the world.
 *
 * @param java starts nodes; asked for once it is needed
 * @param nanoClock one monotonic clock
 * @param anySeed a seed where none is given
 */
record ChaosTools(Supplier<JavaCommand> java, LongSupplier nanoClock, LongSupplier anySeed) {}
