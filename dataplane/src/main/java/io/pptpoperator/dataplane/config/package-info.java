/**
 * The data plane's configuration: records of {@code server.yaml} and {@code users.yaml}, the reader that names every
 * mistake of all files with file, line and field, the writer that the operator uses, and what of a change can be
 * taken on live.
 *
 * <p>{@code ConfigWatcher} alone has effects: it watches the files with inotify on a thread of its own. The rest are
 * functions over text and records.
 */
package io.pptpoperator.dataplane.config;
