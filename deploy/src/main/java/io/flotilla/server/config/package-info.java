/**
 * What a server is told from outside: flags over environment over a YAML file over defaults.
 *
 * <p>{@link io.flotilla.server.config.Setting} is the one list of settings: each has one name, used
 * as {@code --name}, {@code FLOTILLA_NAME} and {@code name:}. {@link
 * io.flotilla.server.config.ConfigReader} turns texts into a {@link
 * io.flotilla.server.config.ServerConfig} and reports every mistake at once.
 *
 * <p>Nothing here reads the environment, a clock or any file but the one it is given.
 */
@NullMarked
package io.flotilla.server.config;

import org.jspecify.annotations.NullMarked;
