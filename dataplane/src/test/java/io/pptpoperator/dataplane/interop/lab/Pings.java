package io.pptpoperator.dataplane.interop.lab;

import java.util.List;
import java.util.regex.Pattern;

/** Pings, and how many of five come back. */
final class Pings {

    private static final int COUNT = 5;
    /** A guest on a busy machine loses one now and then; more than every second one is another matter. */
    private static final int CHANCES = 2 * COUNT;
    private static final Pattern NUMBER = Pattern.compile("icmp_seq=(\\d+) ");

    private Pings() {}

    /**
     * The command. It goes on until five are answered: a ping that is late, on a machine with other things to do, is
     * not one that is lost. It ends early at an ICMP error, and in vain after ten seconds.
     */
    static List<String> command(String address) {
        return List.of("ping", "-n", "-c", Integer.toString(COUNT), "-i", "0.2", "-w", "10", address);
    }

    /** How many were answered, of the first ten and at most five. */
    static long answered(Outcome ping, String address) {
        return ping.output()
                .lines()
                .filter(line -> line.contains("bytes from " + address))
                .map(NUMBER::matcher)
                .filter(number -> number.find() && Integer.parseInt(number.group(1)) <= CHANCES)
                .limit(COUNT)
                .count();
    }
}
