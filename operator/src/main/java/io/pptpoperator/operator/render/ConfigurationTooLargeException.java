package io.pptpoperator.operator.render;

/** The rendered configuration does not fit into a Secret. */
public final class ConfigurationTooLargeException extends RuntimeException {

    ConfigurationTooLargeException(int users, long bytes) {
        super("the configuration of " + users + " users has " + bytes
                + " bytes, and a Secret holds 1048576; divide the"
                + " users among several PptpServers");
    }
}
