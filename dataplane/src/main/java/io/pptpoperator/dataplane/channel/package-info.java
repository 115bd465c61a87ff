/** The control connection's codec for Netty pipelines: the only part of {@code control} that knows sockets. */
package io.pptpoperator.dataplane.channel;
