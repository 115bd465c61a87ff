package io.pptpoperator.dataplane.interop.lab;

import java.util.List;
import java.util.regex.Pattern;

/** The pppd of the lab's guests: this machine's, or the one that the property {@code lab.pppd} names. */
public final class Pppd {

    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)+");

    private Pppd() {}

    /** How a guest starts it. */
    public static String program() {
        return System.getProperty("lab.pppd", "pppd");
    }

    /** Its version, such as 2.4.9. */
    public static String version() {
        String printed = Command.run(List.of(program(), "--version")).output();
        var number = NUMBER.matcher(printed);
        return number.find() ? number.group() : "of unknown version";
    }

    /**
     * Whether it has two faults of its own: it takes require-mppe for 40 bits alone, and after MS-CHAPv1 it decrypts with
     * a key of zeros.
     */
    public static boolean isFaulty() {
        return version().matches("2\\.5\\.[012]");
    }
}
