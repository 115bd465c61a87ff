package io.pptpoperator.operator.render;

/** The rendered configuration does not fit into a Secret. */
public final class ConfigurationTooLargeException extends RuntimeException {

    private ConfigurationTooLargeException(String message) {
        super(message);
    }

    /** Some users had to stay out. */
    public static ConfigurationTooLargeException leavingOut(int users) {
        return new ConfigurationTooLargeException("a Secret holds 1048576 bytes of configuration, and the " + users
                + " youngest VpnUsers find no room in it; divide the users among several PptpServers");
    }

    static ConfigurationTooLargeException withoutUsers(long bytes) {
        return new ConfigurationTooLargeException("the pods' settings alone have " + bytes
                + " bytes, and a Secret holds 1048576; pools and exclude in fewer pieces, or fewer pods, would"
                + " be right");
    }
}
